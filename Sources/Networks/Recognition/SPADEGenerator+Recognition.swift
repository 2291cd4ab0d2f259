extension SPADEGenerator: Translator {
  init?(_ shapes: ParameterShapes, _ options: RecognitionOptions) {
    guard let shared = shapes.convolution("head_0.norm_0.mlp_shared.0"),
      let head = shapes.convolution("head_0.conv_0"), head[0] % 16 == 0,
      let last = shapes.convolution("conv_img")
    else { return nil }
    (hidden, labelChannels, kernel) = (shared[0], shared[1], shared[2])
    width = head[0] / 16
    outputChannels = last[0]
    isSpectral = shapes.has("head_0.conv_0.weight_orig")
    norm =
      shapes.has("head_0.norm_0.param_free_norm.running_mean") ? .batch : .instance
    let guess = labelChannels == 36 ? Upsampling.more : .normal
    upsampling =
      shapes.convolution("up_4.conv_0") == nil ? options.upsampling ?? guess : .most
    guard kernel % 2 == 1 else { return nil }
    if let fc = shapes["fc.weight"], fc.count == 2 {
      guard let latent = Latent(fc, width: width, aspect: options.aspect) else { return nil }
      self.latent = latent
    }
  }

  var architecture: Architecture { .spade }
  var inputChannels: Int { labelChannels }

  var trainedSize: RecognisedNetwork.Size? {
    latent.map { .init(width: $0.width * factor, height: $0.height * factor) }
  }

  func notes(_ options: RecognitionOptions) -> [String] {
    var notes: [String] = []
    if upsampling != .most, options.upsampling == nil {
      notes.append(
        "\(upsampling) upsampling is assumed: the parameters of normal and more are the same, and"
          + " \(labelChannels) label channels \(labelChannels == 36 ? "are" : "are not")"
          + " those of Cityscapes, which has more")
    }
    if let latent {
      notes.append(
        "it starts from a latent vector of \(latent.length), and makes pictures of"
          + " \(latent.width * factor)x\(latent.height * factor) pixels only")
      if options.aspect == nil {
        notes.append("width over height is assumed to be \(latent.width / latent.height)")
      }
    }
    return notes
  }
}

extension SPADEGenerator.Latent {
  /// From the shape of the layer that makes 16 `width` features of a vector.
  fileprivate init?(_ shape: [Int], width features: Int, aspect given: Int?) {
    let channels = 16 * features
    guard shape[0] % channels == 0 else { return nil }
    let places = shape[0] / channels
    for aspect in given.map({ [$0] }) ?? [1, 2] where 1...64 ~= aspect {
      let rows = Int(Double(places / aspect).squareRoot().rounded())
      if rows * rows * aspect == places {
        (length, height, width) = (shape[1], rows, rows * aspect)
        return
      }
    }
    return nil
  }
}

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
    let given = options.upsampling == .most ? nil : options.upsampling
    upsampling = shapes.convolution("up_4.conv_0") == nil ? given ?? guess : .most
    guard kernel % 2 == 1 else { return nil }
    if let fc = shapes["fc.weight"], fc.count == 2 {
      guard let latent = Latent(fc, width: width, aspect: options.aspect) else { return nil }
      self.latent = latent
    }
  }

  var architecture: Architecture { .spade }
  var inputChannels: Int { labelChannels }

  var trainedSize: RecognizedNetwork.Size? {
    latent.map { .init(width: $0.width * factor, height: $0.height * factor) }
  }

  func notes(_ options: RecognitionOptions) -> [String] {
    var notes: [String] = []
    if upsampling != .most, options.upsampling == nil {
      notes.append(
        "\(upsampling) upsampling is assumed, as the official"
          + " \(labelChannels == 36 ? "settings of Cityscapes say" : "default is"); the parameters of"
          + " normal and more are the same: --upsampling \(upsampling == .more ? "normal" : "more")"
          + " makes the other one")
    }
    if let latent {
      notes.append(
        "it starts from a latent vector of \(latent.length), and makes pictures of"
          + " \(latent.width * factor)x\(latent.height * factor) pixels only")
      if options.aspect == nil {
        notes.append(
          "width over height is assumed to be \(latent.width):\(latent.height); --aspect sets another"
        )
      }
    }
    return notes
  }

  func refusal(of options: RecognitionOptions) -> String? {
    if let given = options.upsampling, given != upsampling {
      return upsampling == .most
        ? "--upsampling \(given): it has the block up_4, which only most has; leave it out"
        : "--upsampling most: it lacks the block up_4 of most; use normal or more"
    }
    guard let aspect = options.aspect else { return nil }
    guard let latent else {
      return "--aspect is for generators that start from a latent vector, and this one starts from"
        + " its label map: leave it out"
    }
    guard latent.has(aspect: aspect) else {
      let places = latent.width * latent.height
      return "--aspect \(aspect): its first layer makes \(places) places, which make no picture of"
        + " that shape"
    }
    return nil
  }
}

extension SPADEGenerator.Latent {
  /// From the shape of the layer that makes 16 `width` features of a vector.
  fileprivate init?(_ shape: [Int], width features: Int, aspect given: Double?) {
    let channels = 16 * features
    guard shape[0] % channels == 0 else { return nil }
    let places = shape[0] / channels
    let shapes = stride(from: min(places, 4096), through: 1, by: -1).filter {
      places % $0 == 0 && places / $0 <= 4096
    }.map { rows in
      var latent = Self()
      (latent.length, latent.height, latent.width) = (shape[1], rows, places / rows)
      return latent
    }
    // The usual shapes before any other.
    let usual = [given, 1, 2].compactMap(\.self).lazy.compactMap { aspect in
      shapes.first { $0.has(aspect: aspect) }
    }
    guard let found = usual.first ?? shapes.first(where: { $0.width >= $0.height }) else {
      return nil
    }
    self = found
  }

  /// Whether these are rows and columns of pictures so much wider than high, as officially rounded.
  fileprivate func has(aspect: Double) -> Bool {
    (Double(width) / aspect).rounded(.toNearestOrEven) == Double(height)
  }
}

extension ResNetGenerator: Translator {
  init?(_ shapes: ParameterShapes, _ options: RecognitionOptions) {
    guard let first = shapes.convolution("model.1"), first[2] == 7 else { return nil }
    (width, inputChannels) = (first[0], first[1])
    (norm, hasBias) = shapes.norm("model.2", behind: "model.1")
    blursDown = shapes.has("model.7.filt")
    downs = 0
    var index = 4
    while downs < 10, let down = shapes.convolution("model.\(index)"),
      down[1] == width << downs, down[0] == 2 * down[1]
    {
      downs += 1
      index += blursDown ? 4 : 3
    }
    blocks = shapes.count { "model.\(index + $0).conv_block.1.weight" }
    hasDropout = shapes.convolution("model.\(index).conv_block.6") != nil
    index += blocks
    blursUp = shapes.has("model.\(index).filt")
    index += (blursUp ? 4 : 3) * downs + 1
    guard let last = shapes.convolution("model.\(index)") else { return nil }
    outputChannels = last[0]
    isResidual = shapes.has(Self.residualMark)
  }

  var architecture: Architecture {
    if blocks == 0 { return .pix2pixHDEncoder }
    return downs == 2 ? .resnet : .pix2pixHDGlobal
  }

  func notes(_ options: RecognitionOptions) -> [String] {
    var notes = norm.notes
    if architecture == .pix2pixHDEncoder {
      notes.append(
        "the encoder's features are averaged over instances before a generator sees them, which is"
          + " not part of the network")
    }
    return notes
  }
}

extension NormKind {
  /// What an import assumes about it.
  var notes: [String] {
    switch self {
    case .batch:
      [
        "batch norm runs with the statistics of training; Pix2Pix's own test script takes those of"
          + " each picture unless --eval is given, as 'translate --norm tile' does of each window"
      ]
    case .instance, .none: []
    }
  }
}

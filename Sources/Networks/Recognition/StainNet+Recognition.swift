extension StainNet: Translator {
  init?(_ shapes: ParameterShapes, _ options: RecognitionOptions) {
    layers = shapes.count { "rgb_trans.\(2 * $0).weight" }
    guard layers >= 2, let first = shapes.convolution("rgb_trans.0"),
      let last = shapes.convolution("rgb_trans.\(2 * layers - 2)")
    else { return nil }
    (width, inputChannels, outputChannels) = (first[0], first[1], last[0])
    isResidual = shapes.has(ResNetGenerator.residualMark)
  }

  var architecture: Architecture { .stainNet }

  func notes(_ options: RecognitionOptions) -> [String] { [] }
}

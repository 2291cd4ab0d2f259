extension TransformerNet: Translator {
  init?(_ shapes: ParameterShapes, _ options: RecognitionOptions) {
    naming = shapes.has("encoder.conv1.conv2d.weight") ? .grouped : .flat
    let prefix = naming == .grouped ? "encoder." : ""
    widths = []
    while widths.count < 8,
      let shape = shapes.convolution("\(prefix)conv\(widths.count + 1).conv2d")
    {
      if widths.isEmpty { (inputChannels, outerKernel) = (shape[1], shape[2]) }
      widths.append(shape[0])
    }
    guard let width = widths.last, outerKernel % 2 == 1 else { return nil }
    blocks = 0
    while shapes.convolution("\(block(blocks)).conv1.conv2d")?.first == width { blocks += 1 }
    guard let last = shapes.convolution("\(last).conv2d") else { return nil }
    outputChannels = last[0]
  }

  var architecture: Architecture { .transformerNet }
  var range: ClosedRange<Float> { 0...255 }

  func notes(_ options: RecognitionOptions) -> [String] {
    [
      "black and white are taken to be 0 and 255, as in PyTorch's examples; --input-range sets others"
    ]
  }
}

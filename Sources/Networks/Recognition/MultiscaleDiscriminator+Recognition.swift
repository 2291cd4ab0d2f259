extension MultiscaleDiscriminator: RecognizableNetwork {
  init?(_ shapes: ParameterShapes, _ options: RecognitionOptions) {
    returnsFeatures = shapes.has("scale0_layer0.0.weight")
    guard let first = shapes.convolution(returnsFeatures ? "scale0_layer0.0" : "layer0.0") else {
      return nil
    }
    (width, inputChannels) = (first[0], first[1])
    if returnsFeatures {
      layers = shapes.count { "scale0_layer\($0).0.weight" } - 2
      scales = shapes.count { "scale\($0)_layer0.0.weight" }
      norm = shapes.has("scale0_layer1.1.weight") ? .batch : .instance
    } else {
      layers = shapes.count { $0 == 0 ? "layer0.0.weight" : "layer0.\(3 * $0 - 1).weight" } - 2
      scales = shapes.count { "layer\($0).0.weight" }
      norm = shapes.has("layer0.3.weight") ? .batch : .instance
    }
    guard 1...16 ~= layers, 1...16 ~= scales else { return nil }
  }
}

extension SPADEEncoder: RecognizableNetwork {
  init?(_ shapes: ParameterShapes, _ options: RecognitionOptions) {
    guard let first = shapes.convolution("layer1.0"), let mean = shapes["fc_mu.weight"],
      mean.count == 2
    else { return nil }
    (width, latentLength) = (first[0], mean[0])
    isSpectral = shapes.has("layer1.0.weight_orig")
    norm = shapes.has("layer1.1.weight") ? .batch : .instance
  }
}

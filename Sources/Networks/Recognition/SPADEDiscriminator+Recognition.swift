extension SPADEDiscriminator: RecognizableNetwork {
  init?(_ shapes: ParameterShapes, _ options: RecognitionOptions) {
    guard let first = shapes.convolution("discriminator_0.model0.0") else { return nil }
    (width, inputChannels) = (first[0], first[1])
    isSpectral = shapes.has("discriminator_0.model1.0.0.weight_orig")
    let suffix = isSpectral ? "weight_orig" : "weight"
    layers = 1 + shapes.count { "discriminator_0.model\($0 + 1).0.0.\(suffix)" }
    scales = shapes.count { "discriminator_\($0).model0.0.weight" }
    norm = shapes.has("discriminator_0.model1.0.1.weight") ? .batch : .instance
    guard 2...16 ~= layers, 1...16 ~= scales else { return nil }
  }
}

extension PixelDiscriminator: RecognizableNetwork {
  init?(_ shapes: ParameterShapes, _ options: RecognitionOptions) {
    guard let first = shapes.convolution("net.0"), first[2] == 1 else { return nil }
    (width, inputChannels) = (first[0], first[1])
    (norm, hasBias) = shapes.norm("net.3", behind: "net.2")
  }
}

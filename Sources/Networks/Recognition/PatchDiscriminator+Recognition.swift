extension PatchDiscriminator: RecognizableNetwork {
  init?(_ shapes: ParameterShapes, _ options: RecognitionOptions) {
    guard let first = shapes.convolution("model.0"), first[2] == 4 else { return nil }
    (width, inputChannels) = (first[0], first[1])
    blursDown = shapes.has("model.2.filt")
    // The first norm is behind the second convolution.
    let second = blursDown ? 3 : 2
    (norm, hasBias) = shapes.norm("model.\(second + 1)", behind: "model.\(second)")
    layers = 0
    var index = second
    while layers < 16, let next = shapes.convolution("model.\(index)"), next[0] != 1 {
      layers += 1
      // The last layer does not halve.
      index += 3
      if blursDown, shapes.has("model.\(index).filt") { index += 1 }
    }
    if layers == 0 { return nil }
  }
}

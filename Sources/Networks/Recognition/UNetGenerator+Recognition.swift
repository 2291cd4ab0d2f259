extension UNetGenerator: Translator {
  init?(_ shapes: ParameterShapes, _ options: RecognitionOptions) {
    guard let first = shapes.convolution("model.model.0"),
      let last = shapes.convolution("model.model.3")
    else { return nil }
    (width, inputChannels, outputChannels) = (first[0], first[1], last[1])
    (norm, hasBias) = shapes.norm("model.model.1.model.2", behind: "model.model.1.model.1")
    downs = 2
    var level = "model.model.1.model"
    while downs < 16, shapes.has("\(level).3.model.1.weight") {
      level += ".3.model"
      downs += 1
    }
  }

  var architecture: Architecture { .unet }

  var trainedSize: RecognizedNetwork.Size? {
    RecognizedNetwork.Size(width: trainedSide, height: trainedSide)
  }

  func notes(_ options: RecognitionOptions) -> [String] {
    norm.notes + [
      "it was made for pictures of \(trainedSide)x\(trainedSide) pixels, one pixel in its middle;"
        + " larger ones are out of its experience; --trained-size sets another side"
    ]
  }
}

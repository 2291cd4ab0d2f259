extension LocalEnhancer: Translator {
  init?(_ shapes: ParameterShapes, _ options: RecognitionOptions) {
    self.init()
    let enhancers = min(shapes.count { "model\($0 + 1)_1.1.weight" }, 8)
    let blocks = shapes.count { "model\(enhancers)_2.\($0).conv_block.1.weight" }
    guard enhancers > 0, let first = shapes.convolution("model.1"),
      let outer = shapes.convolution("model\(enhancers)_1.1"),
      let last = shapes.convolution("model\(enhancers)_2.\(blocks + 4)")
    else { return nil }
    (self.enhancers, self.blocks, width) = (enhancers, blocks, outer[0])
    (global.width, global.inputChannels, global.outputChannels) = (first[0], first[1], last[0])
    (global.norm, global.hasBias) = shapes.norm("model.2", behind: "model.1")
    global.downs = 0
    while global.downs < 10, let down = shapes.convolution("model.\(4 + 3 * global.downs)"),
      down[1] == global.width << global.downs, down[0] == 2 * down[1]
    {
      global.downs += 1
    }
    let start = 4 + 3 * global.downs
    global.blocks = shapes.count { "model.\(start + $0).conv_block.1.weight" }
  }

  var architecture: Architecture { .pix2pixHDLocal }
  var inputChannels: Int { global.inputChannels }
  var outputChannels: Int { global.outputChannels }

  func notes(_ options: RecognitionOptions) -> [String] { global.norm.notes }
}

import ModelGraph
import Testing

@testable import Networks

struct RecognitionTests {
  private var resnet: ResNetGenerator {
    var network = ResNetGenerator()
    (network.width, network.blocks) = (4, 2)
    return network
  }

  private func refusal(
    _ parameters: Parameters, _ options: RecognitionOptions = RecognitionOptions()
  ) -> String {
    let error = #expect(throws: ModelError.self) {
      try Architecture.recognize(parameters, options: options)
    }
    let text = error?.description ?? ""
    #expect(!text.contains("\n"))
    return text
  }

  @Test func `parameters are named, and counted, where some are missing or too many`() throws {
    var parameters = Parameters(for: resnet)
    for index in 10...11 { parameters["model.\(index).conv_block.5.bias"] = nil }
    parameters["model.7.bias"] = nil
    parameters["model.4.bias"] = nil
    parameters["model.99.weight"] = ([2], [1, 2])
    let text = refusal(parameters)
    #expect(
      text.hasSuffix(
        "model.99.weight belongs to no known network; the ResNet generator comes closest (2 blocks,"
          + " width 4, instance norm): 4 of 20 parameters are missing: model.4.bias, model.7.bias,"
          + " model.10.conv_block.5.bias, ...; 1 are unexpected: model.99.weight"), "\(text)")
  }

  @Test func `a parameter of another shape is named with both shapes`() throws {
    var parameters = Parameters(for: resnet)
    parameters["model.4.bias"] = ([9], [Float](repeating: 0, count: 9))
    #expect(refusal(parameters).hasSuffix("model.4.bias is [9] and should be [8]"))
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `numbers that are not finite are refused by name`(value: Float) throws {
    var parameters = Parameters(for: resnet)
    parameters["model.11.conv_block.1.bias"]?.floats[3] = value
    #expect(refusal(parameters).contains("model.11.conv_block.1.bias holds NaN or infinity"))
  }

  @Test func `a spectral norm that divides by nothing is refused`() throws {
    var network = SPADEGenerator()
    (network.width, network.labelChannels, network.hidden) = (1, 2, 2)
    var parameters = Parameters(for: network)
    for suffix in ["u", "v"] {
      let name = "up_0.conv_s.weight_\(suffix)"
      let count = try #require(parameters[name]).shape[0]
      parameters[name]?.floats = [Float](repeating: 0, count: count)
    }
    #expect(refusal(parameters).contains("up_0.conv_s.weight_orig has no singular value"))
  }

  @Test func `statistics of instance norms, counters and kernels may be there or not`() throws {
    var network = resnet
    (network.blursDown, network.blursUp) = (true, true)
    let parameters = Parameters(for: network)
    var changed = parameters
    for suffix in ["running_mean", "running_var", "num_batches_tracked"] {
      changed["model.2.\(suffix)"] = ([4], [1, 1, 1, 1])
    }
    // Whether there are kernels tells the variants apart, but one may be missing.
    changed["model.11.filt"] = nil
    let graph = try Architecture.recognize(parameters).graph
    #expect(try Architecture.recognize(changed).graph == graph)
    #expect(graph.constants["model.7.filt"] == nil)
    #expect(graph.constants["model.4.weight"]?.floats == parameters["model.4.weight"]?.floats)

    network = resnet
    (network.norm, network.hasBias) = (.batch, false)
    var old = Parameters(for: network)
    for name in old.names where name.hasSuffix("num_batches_tracked") { old[name] = nil }
    #expect(try Architecture.recognize(old).configuration == "2 blocks, width 4, batch norm")
  }

  @Test func `one generator among other networks is found`() throws {
    var discriminator = PatchDiscriminator()
    discriminator.width = 2
    let file =
      Parameters(for: resnet).prefixed("run.netG.")
      + Parameters(for: discriminator).prefixed("run.netD.")
    let network = try Architecture.recognize(file)
    #expect(network.architecture == .resnet)
    #expect(network.notes.contains("the file holds more; this is netG of it"))
    let alone = try Architecture.recognize(Parameters(for: resnet))
    #expect(network.graph == alone.graph)
  }

  @Test func `of several generators the user chooses`() throws {
    var other = resnet
    other.blocks = 3
    let file =
      Parameters(for: resnet).prefixed("netG_A.") + Parameters(for: other).prefixed("netG_B.")
    #expect(refusal(file).hasSuffix("several generators, choose one: netG_A, netG_B"))
    var options = RecognitionOptions()
    for (name, blocks) in [("G_A", 2), ("netG_B", 3), ("g_b", 3)] {
      options.network = name
      let network = try Architecture.recognize(file, options: options)
      #expect(network.configuration.hasPrefix("\(blocks) blocks"))
    }
    options.network = "G_C"
    #expect(refusal(file, options).hasSuffix("no network called G_C, only netG_A, netG_B"))
  }

  @Test func `an architecture can be forced, and is refused where it does not fit`() throws {
    var options = RecognitionOptions()
    options.architecture = .resnet
    let network = try Architecture.recognize(Parameters(for: resnet), options: options)
    #expect(network.configuration == "2 blocks, width 4, instance norm")
    // Pix2PixHD with two halvings is the same network.
    options.architecture = .pix2pixHDGlobal
    let same = try Architecture.recognize(Parameters(for: resnet), options: options)
    #expect(same.architecture == .pix2pixHDGlobal)
    #expect(same.graph == network.graph)
    options.architecture = .unet
    let text = refusal(Parameters(for: resnet), options)
    #expect(text.contains("building the U-Net generator: "), "\(text)")
    #expect(text.contains("missing: model.model.0.weight"), "\(text)")
    options.architecture = .pix2pixHDLocal
    #expect(refusal(Parameters(for: resnet), options).contains("68 of 74 parameters are missing"))
  }

  @Test func `files that hold something else are named as what they are`() throws {
    var parameters = Parameters(for: resnet).prefixed("x.y.z.w.")
    #expect(refusal(parameters).contains("x.y.z.w.model.1.weight belongs to no known network"))
    for name in parameters.names { parameters[name] = nil }
    #expect(refusal(parameters).hasSuffix("the file holds no parameters"))
    parameters["state.0.exp_avg"] = ([1], [0])
    #expect(refusal(parameters).contains("the state of an optimiser and no network"))
  }

  @Test func `sizes that no honest file has are refused`() throws {
    for size in [0, -1, Int.max, Int.min, 1 << 40] {
      for name in ["model.1.weight", "model.4.weight"] {
        var parameters = Parameters(for: resnet)
        parameters[name] = ([size, size, 7, 7], [])
        #expect(refusal(parameters).contains(name))
      }
    }
  }

  @Test func `what a checkpoint does not say is assumed and noted, or given`() throws {
    var spade = SPADEGenerator()
    (spade.width, spade.labelChannels, spade.hidden) = (1, 36, 2)
    let parameters = Parameters(for: spade)
    var network = try Architecture.recognize(parameters)
    #expect(network.configuration.contains("more upsampling"))
    #expect(network.input == .labels(classes: 35, hasEdgeChannel: true))
    #expect(network.notes.contains { $0.hasPrefix("more upsampling is assumed") })
    #expect(network.notes.contains { $0.hasSuffix("taken for the borders of instances") })
    var options = RecognitionOptions()
    (options.upsampling, options.hasEdgeChannel) = (.normal, false)
    network = try Architecture.recognize(parameters, options: options)
    #expect(network.configuration.contains("normal upsampling"))
    #expect(network.input == .labels(classes: 36, hasEdgeChannel: false))
    #expect(network.notes.count == 1)
    #expect(network.notes.allSatisfy { $0.hasPrefix("black and white are taken to be -1 and 1") })

    var unet = UNetGenerator()
    (unet.width, unet.downs, unet.inputChannels) = (2, 5, 8)
    network = try Architecture.recognize(Parameters(for: unet))
    #expect(network.trainedSize == RecognizedNetwork.Size(width: 32, height: 32))
    #expect(network.input == .image)
    #expect(network.notes.contains { $0.hasPrefix("batch norm runs with the statistics") })
    options = RecognitionOptions()
    options.takesLabels = true
    network = try Architecture.recognize(Parameters(for: unet), options: options)
    #expect(network.input == .labels(classes: 8, hasEdgeChannel: false))
  }

  @Test func `what a checkpoint does not say names the option that says it`() throws {
    var spade = SPADEGenerator()
    (spade.width, spade.labelChannels, spade.hidden) = (1, 9, 2)
    spade.latent = SPADEGenerator.Latent()
    let notes = try Architecture.recognize(Parameters(for: spade)).notes.joined(separator: "; ")
    for option in ["--upsampling more", "--aspect", "--edge-channel", "--output-range"] {
      #expect(notes.contains(option), "\(notes)")
    }
    var global = ResNetGenerator()
    (global.width, global.inputChannels, global.downs) = (2, 6, 3)
    let network = try Architecture.recognize(Parameters(for: global))
    #expect(network.notes.contains { $0.contains("--colour other") })
    var options = RecognitionOptions()
    options.takesLabels = false
    let pictures = try Architecture.recognize(Parameters(for: global), options: options)
    #expect(pictures.input == .image && pictures.graph == network.graph)
  }

  @Test func `more upsampling is another network than normal, of the same parameters`() throws {
    var spade = SPADEGenerator()
    (spade.width, spade.labelChannels, spade.hidden, spade.upsampling) = (1, 9, 2, .more)
    let parameters = Parameters(for: spade)
    var options = RecognitionOptions()
    options.upsampling = .more
    let more = try Architecture.recognize(parameters, options: options)
    #expect(more.configuration.contains("more upsampling"))
    #expect(try more.graph == spade.graph(from: parameters))
    #expect(try more.graph != Architecture.recognize(parameters).graph)
  }

  @Test func `the last layer is tanh unless it is given`() throws {
    var options = RecognitionOptions()
    for (layer, op) in [
      (nil, "Tanh"), (.tanh, "Tanh"), (.sigmoid, "Sigmoid"),
      (RecognitionOptions.LastLayer.none, "Identity"),
    ]
      as [(RecognitionOptions.LastLayer?, String)]
    {
      options.lastLayer = layer
      let network = try Architecture.recognize(Parameters(for: resnet), options: options)
      let last = try #require(network.graph.producers[network.graph.outputs[0]])
      #expect(network.graph.nodes[last].op == op)
      #expect(network.outputRange == (op == "Sigmoid" ? 0...1 : -1...1))
    }
  }

  @Test func `options that are not for the network are refused`() throws {
    var spade = SPADEGenerator()
    (spade.width, spade.labelChannels, spade.hidden) = (2, 3, 2)
    var most = spade
    most.upsampling = .most
    var vector = spade
    vector.latent = SPADEGenerator.Latent()
    func options(_ set: (inout RecognitionOptions) -> Void) -> RecognitionOptions {
      var options = RecognitionOptions()
      set(&options)
      return options
    }
    let cases: [(any Network, RecognitionOptions, String)] = [
      (resnet, options { $0.upsampling = .normal }, "--upsampling is for SPADE generators"),
      (StainNet(), options { $0.lastLayer = .sigmoid }, "has no tanh at its end; leave it out"),
      (resnet, options { $0.aspect = 1 }, "--aspect is for SPADE generators"),
      (resnet, options { $0.hasEdgeChannel = false }, "--edge-channel is for label maps"),
      (spade, options { $0.aspect = 2 }, "--aspect is for generators that start from a latent"),
      (spade, options { $0.upsampling = .most }, "--upsampling most: it lacks the block up_4"),
      (most, options { $0.upsampling = .more }, "--upsampling more: it has the block up_4"),
      (vector, options { $0.aspect = 3 }, "--aspect 3.0: its first layer makes 64 places"),
    ]
    for (network, options, text) in cases {
      #expect(refusal(Parameters(for: network), options).contains(text))
    }
    #expect(
      try Architecture.recognize(
        Parameters(for: most), options: options { $0.upsampling = .most }
      ).configuration.contains("most upsampling"))
  }

  @Test func `a latent vector's aspect is guessed or given`() throws {
    var spade = SPADEGenerator()
    (spade.width, spade.labelChannels, spade.hidden) = (1, 3, 2)
    for (height, width, aspect) in [
      (2, 2, nil), (1, 2, nil), (1, 4, 4), (4, 2, 0.5), (4, 6, 1.5), (4, 6, nil),
    ] as [(Int, Int, Double?)] {
      var latent = SPADEGenerator.Latent()
      (latent.height, latent.width) = (height, width)
      spade.latent = latent
      var options = RecognitionOptions()
      options.aspect = aspect
      let network = try Architecture.recognize(Parameters(for: spade), options: options)
      #expect(network.trainedSize == .init(width: 32 * width, height: 32 * height))
      #expect(network.graph.inputs.map(\.name) == ["input", "z"])
      #expect(network.graph.inputs[0].shape == [1, 3, 32 * height, 32 * width])
    }
  }
}

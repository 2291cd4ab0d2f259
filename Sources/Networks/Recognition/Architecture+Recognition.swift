import ModelGraph

extension Architecture {
  /// Finds out which network a checkpoint holds, with its whole configuration, from the names and
  /// shapes of its parameters, and builds it.
  ///
  /// A file with several networks is searched; `options.network` chooses among them.
  ///
  /// Throws an error that says which network comes closest and which parameters do not fit it, or
  /// what the file holds instead of a generator.
  public static func recognize(
    _ source: some ParameterSource, options: RecognitionOptions = RecognitionOptions()
  ) throws(ModelError) -> RecognizedNetwork {
    var file = ParameterGroup(source)
    if file.names.isEmpty { throw refusal("the file holds no parameters") }
    if let name = options.network { file = try choose(name, in: file) }
    if let architecture = options.architecture {
      return try architecture.forced(file, options)
    }
    let found = Candidate.all(in: file, options)
    let translators = found.compactMap { candidate in
      (candidate.network as? any Translator).map { ($0, candidate.group) }
    }
    if let (network, group) = translators.first, translators.count == 1 {
      return try network.architecture.build(network, group, options)
    }
    if !translators.isEmpty {
      let names = translators.map(\.1.title).joined(separator: ", ")
      throw refusal("the file holds several generators, choose one: \(names)")
    }
    if let other = found.first {
      throw refusal(
        "the file holds a \(other.network.name) (\(other.network.summary)), which only training"
          + " needs: import the generator, usually called ...net_G.pth")
    }
    throw unknown(file, options)
  }

  private func build(
    _ network: some Translator, _ group: ParameterGroup, _ options: RecognitionOptions
  ) throws(ModelError) -> RecognizedNetwork {
    if let reason = network.refusal(of: options) { throw Self.refusal(reason) }
    var graph = try network.graph(from: group)
    if let layer = options.lastLayer { try Self.end(&graph, of: network, in: layer) }
    var notes = network.notes(options)
    if !group.title.isEmpty { notes.append("the file holds more; this is \(group.title) of it") }
    let input = try input(network.inputChannels, options, &notes)
    if network.range == -1...1 {
      let names = input == .image ? "--input-range, --output-range" : "--output-range"
      notes.append(
        "black and white are taken to be -1 and 1 and the last layer as published: parameters do not"
          + " say; \(names) and --last-layer set others")
    }
    return RecognizedNetwork(
      architecture: self, configuration: network.summary, graph: graph,
      inputChannels: network.inputChannels, outputChannels: network.outputChannels, input: input,
      inputRange: network.range,
      outputRange: options.lastLayer == .sigmoid ? 0...1 : network.range,
      trainedSize: network.trainedSize,
      notes: notes)
  }

  private static func end(
    _ graph: inout Graph, of network: some Translator, in layer: RecognitionOptions.LastLayer
  ) throws(ModelError) {
    guard let last = graph.producers[graph.outputs[0]], graph.nodes[last].op == "Tanh" else {
      throw refusal("--last-layer: this \(network.name) has no tanh at its end; leave it out")
    }
    graph.nodes[last].op =
      switch layer {
      case .tanh: "Tanh"
      case .sigmoid: "Sigmoid"
      case .none: "Identity"
      }
  }

  private func input(
    _ channels: Int, _ options: RecognitionOptions, _ notes: inout [String]
  ) throws(ModelError) -> NetworkInput {
    guard options.takesLabels ?? takesLabels(channels: channels) else {
      if channels > 4, options.takesLabels == nil {
        notes.append(
          "its \(channels) channels are taken for those of an image, not for labels; --colour labels"
            + " says otherwise")
      }
      if options.hasEdgeChannel != nil {
        throw Self.refusal(
          "--edge-channel is for label maps, and its \(channels) channels are those of an image: leave"
            + " it out, or say --colour labels")
      }
      return .image
    }
    if options.takesLabels == nil, self != .spade {
      notes.append(
        "its \(channels) channels are taken for labels, not for those of an image; --colour other says"
          + " otherwise")
    }
    if options.hasEdgeChannel == true, channels == 1 {
      throw Self.refusal("--edge-channel: its only channel is that of a class; leave it out")
    }
    // Cityscapes and COCO-Stuff, as published.
    let hasEdges = (options.hasEdgeChannel ?? [36, 184].contains(channels)) && channels > 1
    if options.hasEdgeChannel == nil {
      notes.append(
        hasEdges
          ? "unless --no-edge-channel is given, the last of its \(channels) label channels is taken for the borders of instances"
          : "unless --edge-channel is given, none of its \(channels) label channels is taken for the borders of instances"
      )
    }
    return .labels(classes: channels - (hasEdges ? 1 : 0), hasEdgeChannel: hasEdges)
  }

  private func forced(
    _ file: ParameterGroup, _ options: RecognitionOptions
  ) throws(ModelError) -> RecognizedNetwork {
    let usual = usual
    func network(_ group: ParameterGroup) -> any Translator {
      type(of: usual).init(ParameterShapes(group), options) ?? usual
    }
    // One group of the file may fit: beside it are the state of an optimizer and other networks.
    let fitting = file.groups.first { group in
      ParameterDifference(network(group).plan, group).isEmpty
    }
    let group = ParameterDifference(network(file).plan, file).isEmpty ? file : fitting ?? file
    return try build(network(group), group, options)
  }

  /// The group called `name`, with or without `net` before it.
  private static func choose(
    _ name: String, in file: ParameterGroup
  ) throws(ModelError) -> ParameterGroup {
    let wanted = name.lowercased()
    let names = [wanted, "net\(wanted)", "net_\(wanted)"]
    var level = file.groups
    let titles = level.map(\.title)
    for _ in 0..<3 {
      if let group = level.first(where: { names.contains($0.title.lowercased()) }) {
        return group
      }
      level = level.flatMap(\.groups)
    }
    throw refusal(
      "the file has no network called \(name), only \(titles.prefix(8).joined(separator: ", "))")
  }

  private static func unknown(
    _ file: ParameterGroup, _ options: RecognitionOptions
  ) -> ModelError {
    let ofOptimizers: Set<Substring> = ["exp_avg", "exp_avg_sq", "momentum_buffer", "square_avg"]
    if file.names.contains(where: {
      $0.split(separator: ".").last.map(ofOptimizers.contains) == true
    }) {
      return refusal(
        "the file holds the state of an optimiser and no network: import the generator, usually"
          + " called ...net_G.pth")
    }
    if file.names.allSatisfy({ $0.hasPrefix("mlp_") }) {
      return refusal(
        "the file holds the projection that CUT trains with (net_F): import the generator, usually"
          + " called ...net_G.pth")
    }
    let shapes = ParameterShapes(file)
    let differences = Candidate.types.map { type in
      let network = type.init(shapes, options) ?? type.init()
      return (network, ParameterDifference(network.plan, file))
    }
    guard let (network, difference) = differences.min(by: { $0.1.count < $1.1.count }) else {
      return refusal("no network is known")
    }
    let first = difference.firstUnexpected.map { "\($0) belongs to no known network; " } ?? ""
    return refusal(
      "\(first)the \(network.name) comes closest (\(network.summary)): \(difference.description)")
  }

  private static func refusal(_ reason: String) -> ModelError {
    ModelError("recognising the network", reason)
  }
}

extension Graph {
  /// The same network for pictures of any size.
  ///
  /// Exports often hold the size of one picture: in a reshape that shuffles pixels, in the output
  /// size of a transposed convolution or a resize, in the end of a crop. Each becomes what it stands
  /// for, where that is certain: the numbers of a network that takes any size as it is are its own,
  /// and in one of a fixed size only one reading of them may fit pictures twice as large.
  /// `inputShapes` are sizes at which the graph as it is works.
  ///
  /// - Throws: Where an operation can only be run on whole pictures, or a number may mean two things.
  public func generalised(inputShapes: [String: [Int]]) throws(ModelError) -> Graph {
    let shapes = try ShapeInference(self, inputShapes: inputShapes)
    let doubled = inputShapes.mapValues { shape in
      shape.count == 4 ? shape.enumerated().map { $0 < 2 ? $1 : 2 * min($1, 1 << 20) } : shape
    }
    let halved = inputShapes.mapValues { shape in
      shape.count == 4 ? shape.enumerated().map { $0 < 2 ? $1 : $1 / 2 } : shape
    }
    let larger = try? ShapeInference(self, inputShapes: doubled)
    let smaller = try? ShapeInference(self, inputShapes: halved)
    let isOpen =
      larger != nil
      && inputs.allSatisfy { $0.shape.count != 4 || $0.shape[2...].allSatisfy { $0 == nil } }
    var rewriter = Generalisation(self, shapes: shapes, isOpen: isOpen)
    // What is the same for a picture twice as large holds for any.
    if let larger { rewriter.foldKnownValues([larger] + (smaller.map { [$0] } ?? [])) }
    if larger == nil { rewriter.foldKnownValues([]) }
    let folded = rewriter.graph
    try rewriter.run()
    if isOpen, let larger {
      var other = Generalisation(folded, shapes: larger, isOpen: true)
      try other.run()
      try rewriter.checkSame(as: other)
    } else {
      try SizeProof(folded, shapes: shapes, doubled: doubled).check(rewriter)
    }
    var result = rewriter.graph
    for index in result.inputs.indices where result.inputs[index].shape.count == 4 {
      result.inputs[index].shape[2] = nil
      result.inputs[index].shape[3] = nil
      // One image at a time.
      result.inputs[index].shape[0] = 1
    }
    result.removeUnused()
    try result.validate()
    return result
  }
}

extension Generalisation {
  static let action = "making the network ready for pictures of any size"

  /// Refuses the first operation that was rewritten otherwise for pictures of another size.
  func checkSame(as other: Generalisation) throws(ModelError) {
    for (node, larger) in zip(graph.nodes, other.graph.nodes) {
      let isSame =
        node == larger
        && node.inputs.allSatisfy {
          !isMade($0) || graph.constants[$0] == other.graph.constants[$0]
        }
      guard !isSame else { continue }
      throw ModelError(
        Self.action,
        "\(node.title) keeps to a size or a place that is no fixed part of the picture, so the network"
          + " can only be run on whole pictures, which is not possible yet", isFinal: true)
    }
    guard graph.nodes.count == other.graph.nodes.count else {
      throw ModelError(
        Self.action, "its operations change with the size of the picture", isFinal: true)
    }
  }
}

/// Shows that the numbers of a network exported for one size can mean one thing only.
///
/// A number that is a size or a place of the picture grows with it; one of the network's own does
/// not. Pictures twice as large tell them apart where what the number makes is joined with the rest of
/// the picture: taken for the wrong one, nothing fits.
private struct SizeProof {
  let graph: Graph
  let shapes: ShapeInference
  let doubled: [String: [Int]]

  /// Readings that are tried one by one, as many as no real network has.
  private static let mostReadings = 256

  init(_ graph: Graph, shapes: ShapeInference, doubled: [String: [Int]]) {
    (self.graph, self.shapes, self.doubled) = (graph, shapes, doubled)
  }

  /// Refuses the first number of `taken` that fits under its other reading, too.
  func check(_ taken: Generalisation) throws(ModelError) {
    let readings = taken.readings
    // One that does not take other sizes at all is run on its own, where both readings are the same.
    guard !readings.isEmpty, isConsistent(taken.graph) else { return }
    guard readings.count <= Self.mostReadings else {
      throw ModelError(
        Generalisation.action,
        "\(readings.count) of its numbers may be sizes of the picture; \(Self.remedy)",
        isFinal: true)
    }
    let alike = Dictionary(grouping: readings, by: \.numbers).values.filter { $0.count > 1 }
    let ends = readings.filter { if case .start = $0.part { false } else { true } }
    let trials = readings.map { [$0] } + alike + [ends, readings]
    for trial in trials where !trial.isEmpty {
      var other = Generalisation(graph, shapes: shapes, isOpen: false, swapping: Set(trial))
      do { try other.run() } catch { continue }
      guard isConsistent(other.graph), let first = trial.first else { continue }
      throw ModelError(
        Generalisation.action,
        "\(graph.nodes[first.node].title) has \(Self.text(first)), which may be a size of the"
          + " picture that it was exported with or a number of its own; \(Self.remedy)",
        isFinal: true)
    }
  }

  private static let remedy =
    "export the network with dynamic height and width, which says what they mean"

  private static func text(_ reading: SizeReading) -> String {
    switch reading.part {
    case .size: "the size \(reading.numbers.suffix(2).map(String.init).joined(separator: " x "))"
    case .kernel: "the kernel \(reading.numbers.map(String.init).joined(separator: " x "))"
    case .start: "the start \(reading.numbers[0])"
    case .end: "the end \(reading.numbers[0])"
    }
  }

  /// Whether pictures twice as large become results twice as large.
  private func isConsistent(_ graph: Graph) -> Bool {
    guard let larger = try? ShapeInference(graph, inputShapes: doubled) else { return false }
    return graph.outputs.allSatisfy { output in
      guard let found = larger.shapes[output], let traced = shapes.shapes[output],
        found.count == 4, traced.count == 4
      else { return false }
      return found[2...].elementsEqual(traced[2...].map { 2 * $0 })
    }
  }
}

extension Graph {
  /// The same network for pictures of any size.
  ///
  /// Exports often hold the size of one picture: in a reshape that shuffles pixels, in the output
  /// size of a transposed convolution or a resize, in the end of a crop. Each becomes what it stands
  /// for, where that is certain: the numbers of a network whose inputs take any size are its own, and
  /// in one of a fixed size only one reading of them may fit pictures twice as large.
  /// `inputShapes` are sizes at which the graph as it is works.
  ///
  /// - Throws: Where an operation can only be run on whole pictures, or a number may mean two things.
  public func generalized(inputShapes: [String: [Int]]) throws(ModelError) -> Graph {
    let shapes = try ShapeInference(self, inputShapes: inputShapes)
    let doubled = inputShapes.mapValues { shape in
      shape.count == 4 ? shape.enumerated().map { $0 < 2 ? $1 : 2 * min($1, 1 << 20) } : shape
    }
    let halved = inputShapes.mapValues { shape in
      shape.count == 4 ? shape.enumerated().map { $0 < 2 ? $1 : $1 / 2 } : shape
    }
    let sides = inputs.filter { $0.shape.count == 4 }.flatMap { $0.shape[2...] }
    let isOpen = sides.allSatisfy { $0 == nil }
    var larger: ShapeInference?
    var misfit: ModelError?
    do { larger = try ShapeInference(self, inputShapes: doubled) } catch { misfit = error }
    let smaller = try? ShapeInference(self, inputShapes: halved)
    var rewriter = Generalization(self, shapes: shapes, isOpen: isOpen && larger != nil)
    // What is the same for a picture twice as large holds for any.
    if let larger { rewriter.foldKnownValues([larger] + (smaller.map { [$0] } ?? [])) }
    if larger == nil {
      rewriter.foldKnownValues([])
      if let part = runnable(doubled) { rewriter.foldKnownValues([part]) }
    }
    let folded = rewriter.graph
    try rewriter.run()
    if isOpen, let larger {
      var other = Generalization(folded, shapes: larger, isOpen: true)
      try other.run()
      try rewriter.checkSame(as: other)
    } else {
      let proof = SizeProof(folded, shapes: shapes, doubled: doubled)
      // A width of any size does not say that the height beside it is one, nor do numbers that fit one
      // size say that they are worked out of it.
      if sides.contains(nil), let first = rewriter.readings.first(where: \.isChanged) {
        throw misfit.map { proof.refusal(first, $0) } ?? proof.refusal(first)
      }
      if !isOpen { try proof.check(rewriter) }
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

  /// What is known at sizes that the network does not fit, without the operations that fail.
  private func runnable(_ inputShapes: [String: [Int]]) -> ShapeInference? {
    var part = self
    // More failures than a network has that joins its picture with one of a fixed size.
    for _ in 0..<32 {
      if let shapes = try? ShapeInference(part, inputShapes: inputShapes) { return shapes }
      var (low, high) = (0, part.nodes.count - 1)
      while low < high {
        let middle = (low + high + 1) / 2
        var prefix = part
        prefix.nodes = Array(part.nodes.prefix(middle))
        let fits = (try? ShapeInference(prefix, inputShapes: inputShapes)) != nil
        if fits { low = middle } else { high = middle - 1 }
      }
      guard part.nodes.indices.contains(low) else { return nil }
      var lost = Set(part.nodes.remove(at: low).outputs)
      part.nodes.removeAll { node in
        guard !lost.isDisjoint(with: node.inputs) else { return false }
        lost.formUnion(node.outputs)
        return true
      }
    }
    return nil
  }
}

extension Generalization {
  static let action = "making the network ready for pictures of any size"

  /// Refuses the first operation that was rewritten otherwise for pictures of another size.
  func checkSame(as other: Generalization) throws(ModelError) {
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
/// the picture: taken for the wrong one, nothing fits. Where one number is the network's own, those
/// behind it may still lead back to the size of the picture, as after a thumbnail; so each is tried
/// with the others as factors, and with the others as shares of the picture.
struct SizeProof {
  let graph: Graph
  let shapes: ShapeInference
  let doubled: [String: [Int]]

  /// Readings that are tried one by one, as many as no real network has.
  private static let maximumReadings = 256

  init(_ graph: Graph, shapes: ShapeInference, doubled: [String: [Int]]) {
    (self.graph, self.shapes, self.doubled) = (graph, shapes, doubled)
  }

  /// Refuses the first number of `taken` that fits under its other reading, too.
  func check(_ taken: Generalization) throws(ModelError) {
    let readings = taken.readings
    // One that does not take other sizes at all is run on its own, where both readings are the same.
    guard let larger = try? ShapeInference(taken.graph, inputShapes: doubled) else { return }
    let sizes = sizes(larger)
    guard readings.count <= Self.maximumReadings else {
      throw ModelError(
        Generalization.action,
        "\(readings.count) of its numbers may be sizes of the picture; \(Self.remedy)",
        isFinal: true)
    }
    // What only enlarges leads back to the sizes that a decoder comes from.
    let reductions = readings.filter(isReduction)
    for trial in trials(readings, reductions: reductions) {
      guard let first = trial.first, let other = swapped(Set(trial)) else { continue }
      let isShare = !reductions.isEmpty || !trial.allSatisfy(isEnlargement)
      let forms = [other] + (isShare ? sized(other, own: trial, sizes) : [])
      guard forms.contains(where: isConsistent) || trial.count == 1 && isFree(first, forms)
      else { continue }
      throw refusal(first)
    }
    for cell in cells where sized(taken.graph, cell: cell, sizes).contains(where: isConsistent) {
      throw refusal(cell)
    }
  }

  /// Each number, those that are alike, and all of them.
  private func trials(_ readings: [SizeReading], reductions: [SizeReading]) -> [[SizeReading]] {
    let ends = readings.filter(\.isChanged)
    let alike = Dictionary(grouping: readings) { reading in
      reading.part == .size ? [-1] + reading.numbers.suffix(2) : reading.numbers
    }
    let groups = alike.values.filter { $0.count > 1 } + [ends, readings, reductions]
    return readings.map { [$0] } + groups
  }

  /// The network with these numbers as its own.
  private func swapped(_ readings: Set<SizeReading>) -> Graph? {
    var other = Generalization(graph, shapes: shapes, isOpen: false, swapping: readings)
    do { try other.run() } catch { return nil }
    return other.graph
  }

  func refusal(_ reading: SizeReading) -> ModelError {
    ModelError(
      Generalization.action,
      "\(graph.nodes[reading.node].title) has \(Self.text(reading)), which may be a size of the"
        + " picture that it was exported with or a number of its own; \(Self.remedy)",
      isFinal: true)
  }

  /// A number that fits one size, in a network whose inputs take any.
  func refusal(_ reading: SizeReading, _ misfit: ModelError) -> ModelError {
    ModelError(
      Generalization.action,
      "\(graph.nodes[reading.node].title) has \(Self.text(reading)), which does not grow with the"
        + " picture, though height and width are dynamic: \(misfit.reason); export it so that the"
        + " number is worked out of the size", isFinal: true)
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

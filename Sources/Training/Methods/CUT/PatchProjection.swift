import Networks

/// CUT's two-layer networks that turn features of each layer into vectors to compare (`netF`).
struct PatchProjection: Network {
  /// Lengths of the features.
  var inputs: [Int]
  /// Length of the vectors.
  var outputs: Int

  var name: String { "patch projection" }
  var summary: String { "\(inputs.count) layers, vectors of \(outputs)" }

  func write(into builder: inout NetworkBuilder) {
    for (layer, length) in inputs.enumerated() {
      let rows = builder.graph.input("features\(layer)", shape: [nil, length])
      let hidden = builder.linear(rows, "mlp_\(layer).0", from: length, to: outputs)
      builder.output(
        builder.linear(
          builder.graph.relu(hidden), "mlp_\(layer).2", from: outputs, to: outputs))
    }
  }
}

extension Graph {
  /// The network as it runs in training mode on one image: batch norms measure the image itself.
  ///
  /// This is what pix2pix and its descendants do at test time unless told otherwise.
  public func measuringBatchNorms() -> Graph {
    var result = self
    for (index, node) in nodes.enumerated() where node.op == "BatchNormalization" {
      result.nodes[index].op = "InstanceNormalization"
      result.nodes[index].inputs = Array(node.inputs.prefix(3))
      result.nodes[index].attributes = ["epsilon": .float(node.float("epsilon") ?? 1e-5)]
    }
    result.removeUnused()
    return result
  }

  /// Whether some batch norm uses the statistics of training.
  public var hasBatchNorms: Bool { nodes.contains { $0.op == "BatchNormalization" } }
}

import ModelGraph

/// A graph of a few operations on a picture of one channel, all of whose weights are positive.
struct SmallGraph {
  var builder = GraphBuilder(name: "small")
  private(set) var value: String
  private var seed: UInt64 = 1

  init(channels: Int = 1) {
    value = builder.input("input", shape: [1, channels, nil, nil])
  }

  /// Adds an operation with known values behind its picture.
  mutating func add(
    _ op: String, _ constants: [Constant?] = [], _ attributes: [String: Attribute] = [:]
  ) {
    let names = constants.map { $0.map { builder.constant($0) } ?? "" }
    value = builder.node(op, [value] + names, attributes)
  }

  /// Adds an operation with a weight of this shape.
  mutating func weighted(
    _ op: String, _ shape: [Int], _ attributes: [String: Attribute] = [:]
  ) {
    seed += 1
    let weight = Tensor(shape, seed: seed, in: 0.2...1)
    add(op, [Constant(weight.values, shape: shape)], attributes)
  }

  var graph: Graph {
    var builder = builder
    return builder.finish([value])
  }
}

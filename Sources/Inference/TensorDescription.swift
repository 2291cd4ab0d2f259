/// An input or an output of a network.
public struct TensorDescription: Sendable, Hashable {
  /// Name in the model; empty where it has none.
  public let name: String
  /// Sizes of the axes, usually batch, channels, rows, columns.
  public let shape: [Int]
  /// Type in the model.
  public let elementType: ElementType

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }
}

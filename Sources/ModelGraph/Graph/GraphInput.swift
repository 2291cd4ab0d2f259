/// An input of a graph.
public struct GraphInput: Sendable, Hashable {
  /// Name of the value.
  public var name: String
  /// Type of the elements.
  public var elementType: ElementType
  /// Sizes of the axes, NCHW for images; nil is any size.
  public var shape: [Int?]

  /// Declares an input.
  public init(_ name: String, elementType: ElementType = .float32, shape: [Int?]) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
  }
}

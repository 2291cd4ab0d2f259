/// One image and where its translation goes.
public struct BatchItem: Sendable, Hashable {
  /// The file to read.
  public let input: String
  /// The file to write.
  public let output: String

  /// Makes an item.
  public init(input: String, output: String) {
    self.input = input
    self.output = output
  }
}

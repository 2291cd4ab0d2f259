/// One image and where its translation goes.
public struct BatchItem: Sendable, Hashable {
  /// The file to read.
  public let input: String
  /// The file to write.
  public let output: String
  /// The file that keeps what is measured on the image; nil where nothing is kept.
  public internal(set) var calibration: String?

  /// Where the file to write lies in the directory of all outputs; empty in that itself.
  public internal(set) var folder = ""

  /// Makes an item.
  public init(input: String, output: String) {
    self.input = input
    self.output = output
  }
}

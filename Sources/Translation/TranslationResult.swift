import TesseraPlugin

/// What became of one image.
public struct TranslationResult: Sendable {
  /// Columns of the output.
  public var width: Int
  /// Rows of the output.
  public var height: Int
  /// Why the pixels were copied unchanged; nil where they were translated.
  public var copyReason: String?
  /// What the pair fitted to the image.
  public var summary: [String: PairValue]
  /// What the pair measured, as a file that it takes back.
  public var sidecar: [UInt8]?
}

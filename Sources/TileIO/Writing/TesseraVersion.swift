/// The version of Tessera, as files and the command line state it.
public enum TesseraVersion {
  /// Major, minor and patch number.
  public static let current = "0.1.0"
  /// Raised with every change of the pixels or the metadata of results: outputs of a batch that were
  /// made under another number are made again.
  public static let results = 3
}

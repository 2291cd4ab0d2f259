/// The version of Tessera, as files and the command line state it.
public enum TesseraVersion {
  /// Major, minor and patch number.
  public static let current = "0.1.0"
}

/// A file of a plugin as it was when the user installed it.
struct TrustedFile: Codable, Sendable, Hashable {
  /// Bytes.
  var size: Int
  /// Time of the last change, in nanoseconds since 1970.
  var modified: Int
  /// SHA-256, in hexadecimal.
  var sha256: String
}

import Base
import Translation

/// A plugin that runs code, as it was when the user installed it.
struct TrustedPlugin: Codable, Sendable, Hashable {
  /// Version of its pairs, for who lists plugins without running them.
  var version: String
  /// Title of its pairs.
  var title: String
  /// All its files, by their way from its folder.
  var files: [String: TrustedFile]

  /// One digest for all.
  var sha256: String { FileDigest.sha256(of: files.map { ($0.key, $0.value.sha256) }) }
}

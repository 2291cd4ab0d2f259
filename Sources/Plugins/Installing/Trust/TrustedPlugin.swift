/// A plugin that runs code, as it was when the user installed it.
struct TrustedPlugin: Codable, Sendable, Hashable {
  /// Version of its pairs, for who lists plugins without running them.
  var version: String
  /// Title of its pairs.
  var title: String
  /// All its files, by their way from its folder.
  var files: [String: TrustedFile]

  /// One digest for all: that of a line with digest, two spaces and path for each file, in the order of
  /// the paths' bytes.
  var sha256: String {
    FileDigest.sha256(
      text: files.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\($0.value.sha256)  \($0.key)\n" }.joined())
  }
}

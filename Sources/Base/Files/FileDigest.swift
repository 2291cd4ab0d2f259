import Foundation

/// SHA-256 of files of any size.
package enum FileDigest {
  /// The digest of a whole file, in hexadecimal.
  ///
  /// Where `isCancelled` the digest is of a part: whoever cancels does not use it.
  package static func sha256(
    of file: OpenFile, isCancelled: () -> Bool = { false }
  ) throws(SystemFailure) -> String {
    var hash = SHA256Digest()
    let buffer = ByteBuffer()
    try file.rewind()
    while !isCancelled() {
      let count = try file.read(into: buffer.bytes)
      if count == 0 { break }
      hash.add(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]))
    }
    return hash.hexadecimal()
  }

  /// The digest of the file at `path`, a link not followed unless `followsLinks`.
  package static func sha256(
    at path: String, followsLinks: Bool = false
  ) throws(SystemFailure) -> String {
    try sha256(of: OpenFile(path, O_RDONLY | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW)))
  }

  /// The digest of a text.
  package static func sha256(text: String) -> String {
    SHA256Digest.hexadecimal(of: Data(text.utf8))
  }

  /// One digest for files with these digests by path: that of a line with digest, two spaces and path
  /// for each, in the order of the paths' bytes.
  package static func sha256(of files: [(path: String, sha256: String)]) -> String {
    sha256(
      text: files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        .map { "\($0.sha256)  \($0.path)\n" }.joined())
  }

  /// One digest for the files of a tree.
  package static func sha256(of tree: FileTree) throws(SystemFailure) -> String {
    var files: [(path: String, sha256: String)] = []
    for file in tree.files {
      let digest = try sha256(at: file.path, followsLinks: true)
      files.append((file.name, digest))
    }
    return sha256(of: files)
  }
}

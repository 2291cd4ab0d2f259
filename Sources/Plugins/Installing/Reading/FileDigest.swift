import Crypto
import Foundation

/// SHA-256 of files of any size.
enum FileDigest {
  /// The digest of a whole file, in hexadecimal.
  ///
  /// Where `isCancelled` the digest is of a part: whoever cancels does not use it.
  static func sha256(
    of file: OpenFile, isCancelled: () -> Bool = { false }
  ) throws(SystemFailure) -> String {
    var hash = SHA256()
    let buffer = ByteBuffer()
    try file.rewind()
    while !isCancelled() {
      let count = try file.read(into: buffer.bytes)
      if count == 0 { break }
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]))
    }
    return hexadecimal(hash.finalize())
  }

  /// The digest of the file at `path`, links not followed.
  static func sha256(at path: String) throws(SystemFailure) -> String {
    try sha256(of: OpenFile(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK))
  }

  /// The digest of a text.
  static func sha256(text: String) -> String { hexadecimal(SHA256.hash(data: Data(text.utf8))) }

  private static func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0\(digits)" : digits
    }.joined()
  }
}

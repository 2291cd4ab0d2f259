import Base
import Foundation
import TestSupport
import Testing

struct SHA256DigestTests {
  /// FIPS 180-4, and a length around that of a block.
  static let vectors = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]

  @Test(arguments: vectors)
  func `digests are those of the standard`(text: String, digest: String) {
    #expect(SHA256Digest.hexadecimal(of: Data(text.utf8)) == digest)
    var hash = SHA256Digest()
    for byte in text.utf8 { withUnsafeBytes(of: byte) { hash.add($0) } }
    #expect(hash.hexadecimal() == digest)
  }

  @Test func `a million letters come out as in the standard, from a file as well`() throws {
    let digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    let data = Data(repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(SHA256Digest.hexadecimal(of: data) == digest)
    let folder = try TemporaryDirectory()
    try data.write(to: URL(filePath: folder.path("a")))
    #expect(try FileDigest.sha256(at: folder.path("a")) == digest)
  }
}

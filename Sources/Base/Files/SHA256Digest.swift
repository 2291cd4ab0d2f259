import Foundation

#if canImport(CryptoKit)
  import CryptoKit
#else
  internal import CBase
#endif

/// The SHA-256 of bytes that come one after the other.
package struct SHA256Digest {
  #if canImport(CryptoKit)
    private var hash = SHA256()
  #else
    private var hash = cbase_sha256()
  #endif

  package init() {
    #if !canImport(CryptoKit)
      cbase_sha256_begin(&hash)
    #endif
  }

  /// Adds bytes.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    #if canImport(CryptoKit)
      hash.update(bufferPointer: bytes)
    #else
      cbase_sha256_add(&hash, bytes.baseAddress, bytes.count)
    #endif
  }

  /// The digest of all bytes, in hexadecimal.
  package consuming func hexadecimal() -> String {
    #if canImport(CryptoKit)
      let digest = Array(hash.finalize())
    #else
      var digest = [UInt8](repeating: 0, count: 32)
      cbase_sha256_end(&hash, &digest)
    #endif
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// The digest of bytes at hand, in hexadecimal.
  package static func hexadecimal(of data: Data) -> String {
    var hash = SHA256Digest()
    data.withUnsafeBytes { hash.add($0) }
    return hash.hexadecimal()
  }
}

import Foundation

/// The CRC-32 of ZIP archives, eight bytes at a time.
package enum ZipChecksum {
  // Table k holds the remainder of a byte with k zero bytes behind it.
  private static let tables: [UInt32] = {
    var tables = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    for place in 256..<2048 {
      let shorter = tables[place - 256]
      tables.append(shorter >> 8 ^ tables[Int(shorter & 0xFF)])
    }
    return tables
  }()

  /// The checksum of the bytes, or of those before and these, given the checksum of those.
  package static func of(_ data: Data, after before: UInt32 = 0) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      data.withUnsafeBytes { bytes in
        var value = ~before
        var place = 0
        while place + 8 <= bytes.count {
          let word = UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
          let mixed = word ^ UInt64(value)
          value = 0
          for index in 0..<8 {
            value ^= tables[(7 - index) << 8 + Int(truncatingIfNeeded: mixed >> (8 * index) & 0xFF)]
          }
          place += 8
        }
        while place < bytes.count {
          value = value >> 8 ^ tables[Int((value ^ UInt32(bytes[place])) & 0xFF)]
          place += 1
        }
        return ~value
      }
    }
  }
}

import Foundation

/// Reads numbers and runs of bytes one after another, never past the end.
struct ByteCursor {
  private let data: Data
  /// Bytes read so far.
  private(set) var position: Int

  init(_ data: Data, at position: Int = 0) {
    precondition(position >= 0 && position <= data.count)
    self.data = data
    self.position = position
  }

  /// Bytes left.
  var remaining: Int { data.count - position }

  mutating func byte() throws(FormatError) -> UInt8 {
    guard position < data.count else { throw .cut }
    defer { position += 1 }
    return data[data.startIndex + position]
  }

  /// The next bytes; a slice that shares memory with the whole.
  mutating func bytes(_ count: Int) throws(FormatError) -> Data {
    guard count >= 0, count <= remaining else { throw .cut }
    defer { position += count }
    let start = data.startIndex + position
    return data[start..<(start + count)]
  }

  mutating func skip(_ count: Int) throws(FormatError) {
    guard count >= 0, count <= remaining else { throw .cut }
    position += count
  }

  /// A number in little-endian order.
  mutating func number<Number: FixedWidthInteger>(
    _: Number.Type
  ) throws(FormatError) -> Number {
    var value: Number = 0
    for shift in 0..<(Number.bitWidth / 8) {
      value |= Number(truncatingIfNeeded: try byte()) << (8 * shift)
    }
    return value
  }

  /// A length or offset of 64 bits.
  mutating func count() throws(FormatError) -> Int {
    guard let value = Int(exactly: try number(UInt64.self)) else {
      throw FormatError("a length in it is larger than any file")
    }
    return value
  }

  /// Bytes up to a line feed, which is passed over.
  mutating func line(atMost limit: Int) throws(FormatError) -> Data {
    let start = position
    while try byte() != 0x0A {
      if position - start > limit { throw FormatError("a name in it has more than \(limit) bytes") }
    }
    let first = data.startIndex + start
    return data[first..<(first + position - start - 1)]
  }
}

/// Why bytes are not what they claim to be; becomes a `TesseraError` where the file is known.
struct FormatError: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  static let cut = FormatError("it ends too early: the file is cut off, copy or download it again")
}

import Foundation

/// Reads the JSON of a safetensors header: objects in order, strings and lists of counts.
///
/// Foundation's readers lose the order of keys and those that are there twice.
struct JSONCursor {
  private let bytes: [UInt8]
  private var place = 0

  init(_ data: Data) { bytes = [UInt8](data) }

  private static let broken = FormatError("its header is not the JSON that the format asks for")

  /// Reads an object and calls `body` at each value.
  mutating func object(
    _ body: (inout JSONCursor, String) throws(FormatError) -> Void
  ) throws(FormatError) {
    try expect(UInt8(ascii: "{"))
    if accept(UInt8(ascii: "}")) { return }
    repeat {
      let key = try string()
      try expect(UInt8(ascii: ":"))
      try body(&self, key)
    } while accept(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
  }

  /// Reads a list of integers that are not negative.
  mutating func integers() throws(FormatError) -> [Int] {
    try expect(UInt8(ascii: "["))
    if accept(UInt8(ascii: "]")) { return [] }
    var integers: [Int] = []
    repeat { integers.append(try integer()) } while accept(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
    return integers
  }

  private mutating func integer() throws(FormatError) -> Int {
    skipSpace()
    let digits = bytes[place...].prefix(20).prefix { (0x30...0x39).contains($0) }
    guard let value = Int(String(decoding: digits, as: UTF8.self)),
      digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { throw Self.broken }
    place += digits.count
    return value
  }

  /// Reads a string.
  mutating func string() throws(FormatError) -> String {
    try expect(UInt8(ascii: "\""))
    var content: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: content, as: UTF8.self) else { throw Self.broken }
        return text
      case UInt8(ascii: "\\"): content += try escape()
      case 0..<0x20: throw Self.broken
      default: content.append(byte)
      }
    }
    throw Self.broken
  }

  private mutating func escape() throws(FormatError) -> [UInt8] {
    guard place < bytes.count else { throw Self.broken }
    let byte = bytes[place]
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      var units = [try hexadecimal()]
      if UTF16.isLeadSurrogate(units[0]) {
        guard bytes[place...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
          throw Self.broken
        }
        place += 2
        units.append(try hexadecimal())
      }
      guard let text = String(validating: units, as: UTF16.self) else { throw Self.broken }
      return Array(text.utf8)
    default: throw Self.broken
    }
  }

  private mutating func hexadecimal() throws(FormatError) -> UInt16 {
    let digits = bytes[place...].prefix(4)
    guard digits.count == 4, digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-"),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw Self.broken }
    place += 4
    return unit
  }

  /// Makes sure that only space follows.
  mutating func finish() throws(FormatError) {
    skipSpace()
    guard place == bytes.count else { throw Self.broken }
  }

  private mutating func expect(_ byte: UInt8) throws(FormatError) {
    guard accept(byte) else { throw Self.broken }
  }

  private mutating func accept(_ byte: UInt8) -> Bool {
    skipSpace()
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  private mutating func skipSpace() {
    while place < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[place]) { place += 1 }
  }
}

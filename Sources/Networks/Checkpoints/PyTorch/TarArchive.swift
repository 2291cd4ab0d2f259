import Foundation

/// The members of a TAR archive.
struct TarArchive {
  private static let blockSize = 512
  private(set) var members: [String: Data] = [:]

  /// Whether bytes begin like a TAR archive.
  static func begins(_ data: Data) -> Bool {
    data.count >= blockSize && data.dropFirst(257).prefix(5).elementsEqual("ustar".utf8)
  }

  init(_ data: Data) throws(Refusal) {
    var cursor = ByteCursor(data)
    while cursor.remaining >= Self.blockSize {
      let header = try cursor.bytes(Self.blockSize)
      // Two empty blocks end the archive.
      guard header.contains(where: { $0 != 0 }) else { return }
      guard header.dropFirst(257).prefix(5).elementsEqual("ustar".utf8) else {
        throw Refusal("its TAR archive is broken")
      }
      let name = String(decoding: header.prefix(100).prefix { $0 != 0 }, as: UTF8.self)
      let size = try Self.number(header.dropFirst(124).prefix(12))
      let bytes = try cursor.bytes(size)
      let padding = (Self.blockSize - size % Self.blockSize) % Self.blockSize
      try cursor.skip(min(padding, cursor.remaining))
      // Regular files; headers of the pax and GNU extensions are not needed.
      guard [0, 0x30].contains(header[header.startIndex + 156]) else { continue }
      guard members.updateValue(bytes, forKey: name) == nil else {
        throw Refusal("its member \(name) is there twice")
      }
    }
  }

  // Octal digits, or from 8 GB on a binary number.
  private static func number(_ field: Data) throws(Refusal) -> Int {
    let broken = Refusal("its TAR archive is broken")
    var value = 0
    if field.first == 0x80 {
      for byte in field.dropFirst() {
        guard value < 1 << 54 else { throw broken }
        value = value << 8 | Int(byte)
      }
      return value
    }
    for byte in field.drop(while: { $0 == 0x20 }).prefix(while: { $0 != 0 && $0 != 0x20 }) {
      guard (0x30...0x37).contains(byte) else { throw broken }
      value = value << 3 | Int(byte - 0x30)
    }
    return value
  }
}

import Base
import Foundation

/// Writes a ZIP archive as `torch.save` does: members as they are, their bytes at multiples of 64.
struct ZipWriter {
  private let file: AtomicFile
  private var offset = 0
  private var directory = Data()
  private var count = 0

  /// A file's first byte that 32 bits cannot place, and its first member that 16 cannot count.
  static let (sizeLimit, countLimit) = (0xFFFF_FFFF, 0xFFFF)

  /// Most bytes that a member of this name adds to its content.
  static func overhead(_ name: String) -> Int { 30 + 46 + 2 * name.utf8.count + 4 + 63 }

  init(_ file: AtomicFile) { self.file = file }

  /// Adds a member; the archive must stay below the limits.
  mutating func add(_ name: String, _ content: Data) throws(TesseraError) {
    precondition(count + 1 < Self.countLimit && offset + content.count < Self.sizeLimit)
    let nameBytes = Data(name.utf8)
    // What both headers say: version 1.0, names in UTF-8, stored, the first day of ZIP, sizes.
    var common = Data()
    for number in [10, 0x800, 0, 0, 0x21] as [UInt16] { common.append(littleEndian: number) }
    common.append(littleEndian: ZipChecksum.of(content))
    for _ in 0..<2 { common.append(littleEndian: UInt32(content.count)) }
    common.append(littleEndian: UInt16(nameBytes.count))
    // An extra field that readers skip moves the content.
    let start = offset + 30 + nameBytes.count + 4
    let padding = (64 - start % 64) % 64
    var header = Data([0x50, 0x4B, 3, 4]) + common
    header.append(littleEndian: UInt16(4 + padding))
    header += nameBytes + Data("FB".utf8)
    header.append(littleEndian: UInt16(padding))
    header += Data(repeating: UInt8(ascii: "Z"), count: padding)

    directory += [0x50, 0x4B, 1, 2, 10, 0]
    directory += common
    directory += Data(count: 12)
    directory.append(littleEndian: UInt32(offset))
    directory += nameBytes
    count += 1
    try file.append(header)
    try file.append(content)
    offset += header.count + content.count
  }

  /// Writes the directory, without which nothing can be read; the file is not published by this.
  consuming func finish() throws(TesseraError) {
    var end = Data([0x50, 0x4B, 5, 6, 0, 0, 0, 0])
    for _ in 0..<2 { end.append(littleEndian: UInt16(count)) }
    end.append(littleEndian: UInt32(directory.count))
    end.append(littleEndian: UInt32(offset))
    end.append(littleEndian: UInt16(0))
    try file.append(directory + end)
  }
}

extension Data {
  /// Adds a number in little-endian order.
  mutating func append(littleEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}

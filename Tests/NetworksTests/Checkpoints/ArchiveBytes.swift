import Foundation

/// Archives put together by hand, with any lie in their headers.
enum ArchiveBytes {
  /// A member of a ZIP archive; numbers that are nil are the true ones.
  struct Member {
    var name: String
    var bytes: [UInt8]
    var method: UInt16 = 0
    var flags: UInt16 = 0
    var storedSize: UInt32?
    var size: UInt32?
    var offset: UInt32?
    var localName: String?
    /// Puts sizes and offset into a ZIP64 field, and these values where they belong.
    var size64: UInt64?
  }

  /// What the end of a ZIP archive says; numbers that are nil are the true ones.
  struct End {
    var count: UInt16?
    var size: UInt32?
    var offset: UInt32?
    var comment: [UInt8] = []
    /// Adds the records of ZIP64 with this count.
    var count64: UInt64?
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    PickleBytes.little(value)
  }

  static func zip(_ members: [Member], end: End = End()) -> Data {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let offset = member.offset ?? UInt32(bytes.count)
      let size = member.size ?? UInt32(member.bytes.count)
      let storedSize = member.storedSize ?? UInt32(member.bytes.count)
      let name = Array((member.localName ?? member.name).utf8)
      bytes += [0x50, 0x4B, 3, 4] + little(UInt16(20)) + little(member.flags)
      bytes += little(member.method) + [UInt8](repeating: 0, count: 16)
      bytes += little(UInt16(name.count)) + little(UInt16(5)) + name + [0x46, 0x42, 1, 0, 0x5A]
      bytes += member.bytes
      var extra: [UInt8] = []
      if let size64 = member.size64 {
        extra = little(UInt16(1)) + little(UInt16(24)) + little(size64) + little(size64)
        extra += little(UInt64(offset))
      }
      let isLarge = member.size64 != nil
      directory += [0x50, 0x4B, 1, 2] + little(UInt16(20)) + little(UInt16(20))
      directory += little(member.flags) + little(member.method) + [UInt8](repeating: 0, count: 8)
      directory += little(isLarge ? UInt32.max : storedSize)
      directory += little(isLarge ? UInt32.max : size)
      directory += little(UInt16(member.name.utf8.count)) + little(UInt16(extra.count))
      directory += [UInt8](repeating: 0, count: 10) + little(isLarge ? UInt32.max : offset)
      directory += Array(member.name.utf8) + extra
    }
    let start = bytes.count
    bytes += directory
    if let count64 = end.count64 {
      let record = bytes.count
      bytes += [0x50, 0x4B, 6, 6] + little(UInt64(44)) + [UInt8](repeating: 0, count: 12)
      bytes += little(count64) + little(count64) + little(UInt64(directory.count))
      bytes += little(UInt64(start))
      bytes += [0x50, 0x4B, 6, 7] + little(UInt32(0)) + little(UInt64(record)) + little(UInt32(1))
    }
    let count = end.count ?? UInt16(members.count)
    bytes += [0x50, 0x4B, 5, 6] + little(UInt32(0)) + little(count) + little(count)
    bytes += little(end.size ?? UInt32(directory.count)) + little(end.offset ?? UInt32(start))
    bytes += little(UInt16(end.comment.count)) + end.comment
    return Data(bytes)
  }

  /// A file as torch 1.6 writes it.
  static func checkpoint(
    _ pickle: [UInt8], storages: [(String, [UInt8])] = [("0", [UInt8](repeating: 0, count: 64))]
  ) -> Data {
    zip(
      [Member(name: "archive/data.pkl", bytes: pickle)]
        + storages.map { Member(name: "archive/data/\($0.0)", bytes: $0.1) })
  }

  /// A file as torch 0.1.10 writes it.
  static func stream(
    _ pickle: [UInt8], keys: [String] = ["0"], storages: [(UInt64, [UInt8])]
  ) -> Data {
    var bytes = PickleBytes.pickle([
      0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
    ])
    bytes += PickleBytes.pickle(PickleBytes.integer(1001))
    bytes += PickleBytes.dictionary([("little_endian", [0x88])])
    bytes += pickle
    bytes += PickleBytes.pickle(
      PickleBytes.emptyList + PickleBytes.mark + keys.flatMap(PickleBytes.text) + [0x65])
    for (count, numbers) in storages { bytes += little(count) + numbers }
    return Data(bytes)
  }
}

import Foundation

/// The members of a ZIP archive that are stored without compression, as `torch.save` writes them.
struct ZipArchive {
  private struct Member {
    let isStored: Bool
    let bytes: Data
  }

  /// Names in the order of the directory.
  private(set) var names: [String] = []
  private var members: [String: Member] = [:]

  /// Reads the directory at the end of the archive; no two members may share bytes.
  init(_ data: Data) throws(FormatError) {
    let directory = try ZipDirectory(data)
    var cursor = ByteCursor(data, at: directory.offset)
    var extents: [Range<Int>] = []
    for _ in 0..<directory.count {
      let entry = try ZipEntry(&cursor)
      guard members[entry.name] == nil else {
        throw FormatError("its member \(entry.name) is there twice")
      }
      let start = try Self.start(of: entry, in: data, before: directory.offset)
      guard entry.storedSize <= directory.offset - start else {
        throw FormatError("its member \(entry.name) reaches beyond the end of the members")
      }
      let end = start + entry.storedSize
      extents.append(entry.offset..<end)
      names.append(entry.name)
      members[entry.name] = Member(
        isStored: entry.method == 0,
        bytes: data[(data.startIndex + start)..<(data.startIndex + end)])
    }
    extents.sort { $0.lowerBound < $1.lowerBound }
    for (first, second) in zip(extents, extents.dropFirst())
    where first.upperBound > second.lowerBound {
      throw FormatError("two of its members share bytes")
    }
  }

  /// The bytes of a member; nil where there is none of this name.
  func member(_ name: String) throws(FormatError) -> Data? {
    guard let member = members[name] else { return nil }
    guard member.isStored else {
      throw FormatError(
        "its member \(name) is compressed, which torch.save never does: unpack the archive and"
          + " pack it again without compression (zip -0 -r), or save it again in Python")
    }
    return member.bytes
  }

  // The local header repeats the name; its sizes may be absent.
  private static func start(
    of entry: ZipEntry, in data: Data, before end: Int
  ) throws(FormatError) -> Int {
    let broken = FormatError("its member \(entry.name) is not where the directory says")
    guard entry.offset <= end, end - entry.offset >= 30 else { throw broken }
    var cursor = ByteCursor(data, at: entry.offset)
    guard try cursor.number(UInt32.self) == 0x0403_4B50 else { throw broken }
    try cursor.skip(22)
    let nameLength = Int(try cursor.number(UInt16.self))
    let extraLength = Int(try cursor.number(UInt16.self))
    guard nameLength + extraLength <= end - cursor.position else { throw broken }
    guard try cursor.bytes(nameLength).elementsEqual(entry.nameBytes) else { throw broken }
    return cursor.position + extraLength
  }
}

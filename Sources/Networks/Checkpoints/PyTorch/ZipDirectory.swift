import Foundation

/// Where the directory of a ZIP archive is, also beyond 4 GB.
struct ZipDirectory {
  let offset: Int
  let count: Int

  private static let endSize = 22

  init(_ data: Data) throws(FormatError) {
    let missing = FormatError(
      "it begins like a ZIP archive, but its directory is missing: the file is cut off, copy or"
        + " download it again")
    guard let end = Self.end(data) else { throw missing }
    var cursor = ByteCursor(data, at: end + 4)
    guard try cursor.number(UInt32.self) == 0 else {
      throw FormatError("it is one part of a ZIP archive in several files")
    }
    try cursor.skip(2)
    var count = Int(try cursor.number(UInt16.self))
    var size = Int(try cursor.number(UInt32.self))
    var offset = Int(try cursor.number(UInt32.self))
    var limit = end
    if let end64 = try Self.end64(data, before: end) {
      limit = end64
      var cursor = ByteCursor(data, at: end64 + 32)
      count = try cursor.count()
      size = try cursor.count()
      offset = try cursor.count()
    }
    guard offset <= limit, size == limit - offset else {
      throw FormatError("its ZIP directory is not where it should be")
    }
    guard count <= size / ZipEntry.fixedSize else {
      throw FormatError("its ZIP directory claims \(count) members in \(size) bytes")
    }
    self.offset = offset
    self.count = count
  }

  // A comment of up to 65535 bytes may follow.
  private static func end(_ data: Data) -> Int? {
    var place = data.count - endSize
    while place >= 0, place >= data.count - endSize - 0xFFFF {
      let start = data.startIndex + place
      if data[start] == 0x50, data[start + 1] == 0x4B, data[start + 2] == 5, data[start + 3] == 6 {
        return place
      }
      place -= 1
    }
    return nil
  }

  // The locator stands right before the end, and the record it points to right before itself.
  private static func end64(_ data: Data, before end: Int) throws(FormatError) -> Int? {
    guard end >= 20 else { return nil }
    var locator = ByteCursor(data, at: end - 20)
    guard try locator.number(UInt32.self) == 0x0706_4B50 else { return nil }
    try locator.skip(4)
    let place = try locator.count()
    guard place <= end - 76 else {
      throw FormatError("its ZIP directory is not where it should be")
    }
    var record = ByteCursor(data, at: place)
    guard try record.number(UInt32.self) == 0x0606_4B50 else {
      throw FormatError("its ZIP directory is not where it should be")
    }
    return place
  }
}

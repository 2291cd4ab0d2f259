public import Foundation

/// Small TIFF files with known tags, and where the pieces of others lie.
public struct TestTIFF {
  /// A gray picture of one strip, `width` x `height` px of zeros, little-endian.
  ///
  /// Values of `tags` are bytes in the file's order with their TIFF type; those of more than four bytes
  /// are put behind the directory.
  public static func data(
    width: Int, height: Int, tags: [(tag: UInt16, type: UInt16, count: Int, bytes: [UInt8])]
  ) -> Data {
    func short(_ tag: UInt16, _ value: Int) -> (UInt16, UInt16, Int, [UInt8]) {
      (tag, 3, 1, little(value, 2))
    }
    let pixels = 8
    let start = pixels + width * height
    var entries =
      [
        short(256, width), short(257, height), short(258, 8), short(259, 1), short(262, 1),
        (273, 4, 1, little(pixels, 4)), short(277, 1), short(278, height),
        (279, 4, 1, little(width * height, 4)),
      ] + tags.map { ($0.tag, $0.type, $0.count, $0.bytes) }
    entries.sort { $0.0 < $1.0 }
    var behind = start + 2 + 12 * entries.count + 4
    var directory = little(entries.count, 2)
    var values: [UInt8] = []
    for (tag, type, count, bytes) in entries {
      directory += little(Int(tag), 2) + little(Int(type), 2) + little(count, 4)
      if bytes.count <= 4 {
        directory += bytes + [UInt8](repeating: 0, count: 4 - bytes.count)
      } else {
        directory += little(behind, 4)
        values += bytes
        behind += bytes.count
      }
    }
    let head = Array("II".utf8) + [42, 0] + little(start, 4)
    return Data(
      head + [UInt8](repeating: 0, count: width * height) + directory + little(0, 4) + values)
  }

  /// Resolution tags: a number of thousandths both ways, and the unit.
  public static func resolution(
    _ thousandths: Int, unit: Int
  ) -> [(tag: UInt16, type: UInt16, count: Int, bytes: [UInt8])] {
    let ratio = little(thousandths, 4) + little(1000, 4)
    return [(282, 5, 1, ratio), (283, 5, 1, ratio), (296, 3, 1, little(unit, 2))]
  }

  /// A description.
  public static func description(
    _ text: String
  ) -> (tag: UInt16, type: UInt16, count: Int, bytes: [UInt8]) {
    let bytes = Array(text.utf8) + [0]
    return (270, 2, bytes.count, bytes)
  }

  /// Makes a tile of the first page of such a file one that was never written: offset and length 0.
  public static func forgetTile(_ index: Int, of path: String) throws {
    var bytes = Array(try Data(contentsOf: URL(filePath: path)))
    func number(_ place: Int, _ count: Int) -> Int {
      bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 + Int($1) }
    }
    let directory = number(4, 4)
    for entry in 0..<number(directory, 2) {
      let place = directory + 2 + 12 * entry
      guard [324, 325].contains(number(place, 2)) else { continue }
      let size = number(place + 2, 2) == 3 ? 2 : 4
      let start = number(place + 8, 4) + index * size
      for byte in start..<(start + size) { bytes[byte] = 0 }
    }
    try Data(bytes).write(to: URL(filePath: path))
  }

  /// Offset and length of a strip or tile of the first page of a little-endian TIFF or BigTIFF.
  public static func piece(_ index: Int, of path: String) throws -> (offset: Int, count: Int)? {
    let bytes = Array(try Data(contentsOf: URL(filePath: path)))
    func number(_ place: Int, _ count: Int) -> Int {
      bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 + Int($1) }
    }
    // Sizes of a place, of the count of entries, and of an entry.
    let (wide, head, step) = number(2, 2) == 43 ? (8, 8, 20) : (4, 2, 12)
    let directory = number(wide, wide)
    func value(_ tags: Set<Int>) -> Int? {
      for entry in 0..<number(directory, head) {
        let place = directory + head + step * entry
        guard tags.contains(number(place, 2)) else { continue }
        let size = [3: 2, 4: 4, 16: 8][number(place + 2, 2)] ?? 4
        let content = place + 4 + wide
        guard number(place + 4, wide) * size > wide else {
          return number(content + index * size, size)
        }
        return number(number(content, wide) + index * size, size)
      }
      return nil
    }
    guard let offset = value([273, 324]), let count = value([279, 325]) else { return nil }
    return (offset, count)
  }

  private static func little(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}

/// The first directory of a block of EXIF, which is a small TIFF.
struct EXIFTags {
  static let resolution = [0x11A, 0x11B, 0x128]

  private(set) var bytes: [UInt8]
  private let isLittle: Bool
  /// Where its entries begin, and how many there are.
  private let first: Int
  private let count: Int

  /// Nil where the block is too short for a directory.
  init?(_ block: [UInt8]) {
    bytes = block.starts(with: Array("Exif\0\0".utf8)) ? Array(block.dropFirst(6)) : block
    guard bytes.count > 8 else { return nil }
    isLittle = bytes[0] == 0x49
    first = Self.number(bytes, 4, 4, isLittle) + 2
    guard first <= bytes.count else { return nil }
    count = Self.number(bytes, first - 2, 2, isLittle)
    guard first + 12 * count + 4 <= bytes.count else { return nil }
  }

  func short(_ tag: Int) -> Int? { entry(tag).map { Self.number(bytes, $0 + 8, 2, isLittle) } }

  func ratio(_ tag: Int) -> Double? {
    guard let entry = entry(tag) else { return nil }
    let place = Self.number(bytes, entry + 8, 4, isLittle)
    guard place + 8 <= bytes.count else { return nil }
    return Double(Self.number(bytes, place, 4, isLittle))
      / Double(Self.number(bytes, place + 4, 4, isLittle))
  }

  /// Takes tags out of the directory; the block keeps its length.
  mutating func remove(_ tags: [Int]) {
    let all = (0..<count).map { first + 12 * $0 }
    let kept = all.filter { !tags.contains(Self.number(bytes, $0, 2, isLittle)) }
    let next = first + 12 * count
    var directory = kept.flatMap { bytes[$0..<($0 + 12)] } + bytes[next..<(next + 4)]
    directory += [UInt8](repeating: 0, count: next + 4 - first - directory.count)
    bytes.replaceSubrange(first..<(next + 4), with: directory)
    bytes[isLittle ? first - 2 : first - 1] = UInt8(kept.count & 255)
    bytes[isLittle ? first - 1 : first - 2] = UInt8(kept.count >> 8 & 255)
  }

  private func entry(_ tag: Int) -> Int? {
    (0..<count).map { first + 12 * $0 }.first { Self.number(bytes, $0, 2, isLittle) == tag }
  }

  private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int, _ isLittle: Bool) -> Int
  {
    let part = bytes[place..<(place + count)]
    return isLittle
      ? part.reversed().reduce(0) { $0 << 8 + Int($1) } : part.reduce(0) { $0 << 8 + Int($1) }
  }
}

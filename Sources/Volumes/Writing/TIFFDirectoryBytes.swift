import TesseraPlugin

/// The directories of a TIFF or BigTIFF as bytes, the first before the samples, the others behind them.
///
/// Little endian. All pages share one pair of resolutions, which lie in front.
struct TIFFDirectoryBytes {
  /// A tag with one value.
  enum Entry {
    case short(Int, Int)
    case long(Int, Int)
    /// A place or a length in the file.
    case offset(Int, Int)
    /// The description.
    case text(Int)
    /// The resolution along rows, and along columns.
    case across(Int)
    case down(Int)
  }

  /// What lies before the samples; its length is a multiple of 16.
  private(set) var front: [UInt8] = []
  /// What lies behind them.
  private(set) var back: [UInt8] = []
  private let isBig: Bool
  private var text = 0..<0
  /// Where the resolutions are.
  private var resolution = 0
  private var hasFirst = false

  private static let maximum = 20

  init(isBig: Bool) { self.isBig = isBig }

  /// Begins a file; returns where the samples start.
  mutating func header(_ text: [UInt8], across: Double, down: Double) -> Int {
    let marks: [UInt8] = isBig ? [0x49, 0x49, 43, 0, 8, 0, 0, 0] : [0x49, 0x49, 42, 0]
    let length = isBig ? 8 + 20 * Self.maximum + 8 : 2 + 12 * Self.maximum + 4
    let first = isBig ? 16 : 8
    resolution = (first + length + 7) / 8 * 8
    self.text = resolution + 16..<resolution + 16 + text.count
    let start = (self.text.upperBound + 15) / 16 * 16
    front = [UInt8](repeating: 0, count: start)
    put(marks, at: 0)
    put(number(first), at: marks.count)
    put(Self.rational(across) + Self.rational(down), at: resolution)
    put(text, at: self.text.lowerBound)
    return start
  }

  /// Adds the directory of the next page; samples end at `end`.
  mutating func add(_ entries: [Entry], isLast: Bool, end: Int) {
    precondition(entries.count <= Self.maximum)
    let directory = bytes(entries)
    // One that is not the first starts where the last one ends, which is at an even place.
    let pad = end % 2
    if !hasFirst {
      hasFirst = true
      put(directory + number(isLast ? 0 : end + pad), at: isBig ? 16 : 8)
    } else {
      if back.isEmpty, pad == 1 { back = [0] }
      let next = end + back.count + directory.count + (isBig ? 8 : 4)
      back += directory + number(isLast ? 0 : next)
    }
  }

  private func bytes(_ entries: [Entry]) -> [UInt8] {
    let count = isBig ? Self.little(UInt64(entries.count)) : Self.little(UInt16(entries.count))
    return count + entries.flatMap(bytes)
  }

  private func bytes(_ entry: Entry) -> [UInt8] {
    switch entry {
    case .short(let tag, let value): bytes(tag, 3, 1, Self.little(UInt16(value)))
    case .long(let tag, let value): bytes(tag, 4, 1, Self.little(UInt32(value)))
    case .offset(let tag, let value): bytes(tag, isBig ? 16 : 4, 1, number(value))
    case .text(let tag): bytes(tag, 2, text.count, number(text.lowerBound))
    case .across(let tag): rational(tag, resolution)
    case .down(let tag): rational(tag, resolution + 8)
    }
  }

  /// A fraction fits into an entry of BigTIFF.
  private func rational(_ tag: Int, _ place: Int) -> [UInt8] {
    bytes(tag, 5, 1, isBig ? Array(front[place..<place + 8]) : number(place))
  }

  private func bytes(_ tag: Int, _ type: Int, _ count: Int, _ value: [UInt8]) -> [UInt8] {
    Self.little(UInt16(tag)) + Self.little(UInt16(type)) + number(count) + value
      + [UInt8](repeating: 0, count: (isBig ? 8 : 4) - value.count)
  }

  private func number(_ value: Int) -> [UInt8] {
    isBig ? Self.little(UInt64(value)) : Self.little(UInt32(value))
  }

  private mutating func put(_ bytes: [UInt8], at place: Int) {
    front.replaceSubrange(place..<place + bytes.count, with: bytes)
  }

  private static func little<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// A positive number as a fraction that is near to it.
  private static func rational(_ value: Double) -> [UInt8] {
    let denominator = min(1e9, (4e9 / max(value, 1e-9)).rounded(.down))
    let numerator = min(4e9, max(1, (value * max(1, denominator)).rounded()))
    return little(UInt32(saturating: numerator)) + little(UInt32(saturating: max(1, denominator)))
  }
}

import Foundation

/// DICOM files of a few elements, in explicit little endian, byte by byte.
struct FramesFile {
  /// How frames differ from those of a regular stack.
  struct Frame {
    var place: [Double]
    var turn = [1.0, 0, 0, 0, 1, 0]
    var spacing = [3.0, 4]
    var slope = 1.0
    var intercept = 0.0
    var unit = "US"
    var stack = "1"
    var time: UInt32 = 1
    var echo = 10.0
    var kind = "ORIGINAL\\PRIMARY\\VOLUME\\NONE"
    var samples: [Int16]
  }

  static let (columns, rows) = (5, 4)
  var frames: [Frame]
  /// Enhanced MR.
  var kind = "1.2.840.10008.5.1.4.1.1.4.1"
  var hasGroups = true
  /// Frames that are described.
  var described: Int?

  /// Frames 8 mm apart along the third axis, of samples that tell their place.
  static func regular(_ count: Int = 4) -> FramesFile {
    let frames = (0..<count).map { z -> Frame in
      let samples = (0..<20).map { place -> Int16 in
        let (x, y) = (place % 5, place / 5)
        return Int16(x + 10 * y + 100 * z)
      }
      return Frame(place: [-10, 20, 5 + 8 * Double(z)], samples: samples)
    }
    return FramesFile(frames: frames)
  }

  func write(_ path: String) throws {
    try Data(Self.start(kind) + elements).write(to: URL(filePath: path))
  }

  private var elements: [UInt8] {
    var bytes = Self.text(0x0008, 0x0016, "UI", kind)
    bytes += Self.text(0x0008, 0x0018, "UI", "1.2.3.5") + Self.text(0x0008, 0x0060, "CS", "MR")
    bytes += Self.text(0x0020, 0x000e, "UI", "1.2.3.4")
    bytes += Self.short(0x0028, 0x0002, 1) + Self.text(0x0028, 0x0004, "CS", "MONOCHROME2")
    bytes += Self.text(0x0028, 0x0008, "IS", "\(frames.count)")
    bytes += Self.short(0x0028, 0x0010, UInt16(Self.rows))
    bytes += Self.short(0x0028, 0x0011, UInt16(Self.columns))
    bytes += Self.short(0x0028, 0x0100, 16) + Self.short(0x0028, 0x0101, 16)
    bytes += Self.short(0x0028, 0x0102, 15) + Self.short(0x0028, 0x0103, 1)
    if hasGroups {
      bytes += Self.sequence(0x5200, 0x9229, [[]])
      bytes += Self.sequence(0x5200, 0x9230, frames.prefix(described ?? .max).map(Self.group))
    }
    let samples = frames.flatMap { $0.samples.flatMap { Self.little(UInt16(bitPattern: $0)) } }
    return bytes + Self.element(0x7fe0, 0x0010, "OW", samples)
  }

  private static func group(_ frame: Frame) -> [UInt8] {
    let content =
      text(0x0020, 0x9056, "SH", frame.stack)
      + element(0x0020, 0x9128, "UL", little(frame.time))
    let pixels =
      text(0x0028, 0x1052, "DS", "\(frame.intercept)")
      + text(0x0028, 0x1053, "DS", "\(frame.slope)") + text(0x0028, 0x1054, "LO", frame.unit)
    return sequence(0x0018, 0x9114, [element(0x0018, 0x9082, "FD", little(frame.echo.bitPattern))])
      + sequence(0x0018, 0x9226, [text(0x0008, 0x9007, "CS", frame.kind)])
      + sequence(0x0020, 0x9111, [content])
      + sequence(0x0020, 0x9113, [text(0x0020, 0x0032, "DS", decimals(frame.place))])
      + sequence(0x0020, 0x9116, [text(0x0020, 0x0037, "DS", decimals(frame.turn))])
      + sequence(0x0028, 0x9110, [text(0x0028, 0x0030, "DS", decimals(frame.spacing))])
      + sequence(0x0028, 0x9145, [pixels])
  }

  private static func decimals(_ numbers: [Double]) -> String {
    numbers.map { String("\($0)".prefix(16)) }.joined(separator: "\\")
  }

  /// The preamble and the file's own header, of a transfer syntax.
  static func start(_ kind: String, syntax: String = "1.2.840.10008.1.2.1") -> [UInt8] {
    let meta =
      element(0x0002, 0x0001, "OB", [0, 1]) + text(0x0002, 0x0002, "UI", kind)
      + text(0x0002, 0x0003, "UI", "1.2.3.5") + text(0x0002, 0x0010, "UI", syntax)
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
      + element(0x0002, 0x0000, "UL", little(UInt32(meta.count))) + meta
  }

  static func sequence(_ group: UInt16, _ tag: UInt16, _ items: [[UInt8]]) -> [UInt8] {
    let bytes = items.flatMap { item in
      little(UInt16(0xfffe)) + little(UInt16(0xe000)) + little(UInt32(item.count)) + item
    }
    return element(group, tag, "SQ", bytes)
  }

  static func text(_ group: UInt16, _ tag: UInt16, _ type: String, _ text: String) -> [UInt8] {
    let filler: [UInt8] = text.utf8.count % 2 == 0 ? [] : [type == "UI" ? 0 : 32]
    return element(group, tag, type, Array(text.utf8) + filler)
  }

  static func short(_ group: UInt16, _ tag: UInt16, _ number: UInt16) -> [UInt8] {
    element(group, tag, "US", little(number))
  }

  static func element(
    _ group: UInt16, _ tag: UInt16, _ type: String, _ bytes: [UInt8]
  ) -> [UInt8] {
    let isLong = ["OB", "OW", "SQ"].contains(type)
    let length = isLong ? [0, 0] + little(UInt32(bytes.count)) : little(UInt16(bytes.count))
    return little(group) + little(tag) + Array(type.utf8) + length + bytes
  }

  static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}

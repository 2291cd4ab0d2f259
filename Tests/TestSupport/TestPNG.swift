public import Foundation

/// Writes PNG files of one channel with known values: a palette, or gray.
public struct TestPNG {
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int
  /// Bits of a sample.
  public var bitDepth = 8
  /// Whether samples are indices of a palette.
  public var isPalette = true
  /// What changes the colors of the palette.
  public var paletteMask: UInt8 = 0
  /// Whether rows come in the passes of Adam7.
  public var isInterlaced = false
  /// Pixels per meter.
  public var density: UInt32?
  /// EXIF orientation.
  public var orientation: UInt8?
  /// The sample at a place.
  public var value: (_ x: Int, _ y: Int) -> UInt8

  /// Every value in turn, so that neighbors in both directions differ.
  public init(
    width: Int, height: Int, bitDepth: Int = 8, isPalette: Bool = true, isInterlaced: Bool = false
  ) {
    self.width = width
    self.height = height
    self.bitDepth = bitDepth
    self.isPalette = isPalette
    self.isInterlaced = isInterlaced
    value = { x, y in UInt8((x + 3 * y) % (1 << bitDepth)) }
  }

  /// The values, row by row.
  public var values: [UInt8] {
    (0..<height).flatMap { y in (0..<width).map { x in value(x, y) } }
  }

  /// The file.
  public var data: Data {
    var data = Data([137, 80, 78, 71, 13, 10, 26, 10])
    data += TestPNG.chunk(
      "IHDR",
      TestPNG.bytes(UInt32(width)) + TestPNG.bytes(UInt32(height)) + [
        UInt8(bitDepth), isPalette ? 3 : 0, 0, 0, isInterlaced ? 1 : 0,
      ])
    if isPalette {
      data += TestPNG.chunk(
        "PLTE", (0..<1 << bitDepth).flatMap { TestPNG.color(UInt8($0)).map { $0 ^ paletteMask } })
    }
    if let density {
      data += TestPNG.chunk("pHYs", TestPNG.bytes(density) + TestPNG.bytes(density) + [1])
    }
    if let orientation {
      data += TestPNG.chunk(
        "eXIf",
        Array("II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation]
          + [0, 0, 0, 0, 0, 0, 0])
    }
    return data + TestPNG.chunk("IDAT", TestPNG.zlib(packed)) + TestPNG.chunk("IEND", [])
  }

  /// The color of an index.
  public static func color(_ index: UInt8) -> [UInt8] { [index, 7, 255 - index] }

  /// Writes the file.
  public func write(_ path: String) throws { try data.write(to: URL(filePath: path)) }

  /// The passes of Adam7, or the whole: first column and row, and the steps.
  private var passes: [(x: Int, y: Int, columns: Int, rows: Int)] {
    isInterlaced
      ? [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
      ] : [(0, 0, 1, 1)]
  }

  /// The rows of all passes, each with filter 0 in front, packed from the high bits on.
  private var packed: [UInt8] {
    var bytes: [UInt8] = []
    for pass in passes where pass.x < width {
      for y in stride(from: pass.y, to: height, by: pass.rows) {
        bytes.append(0)
        for (index, x) in stride(from: pass.x, to: width, by: pass.columns).enumerated() {
          let bit = index * bitDepth % 8
          if bit == 0 { bytes.append(0) }
          bytes[bytes.count - 1] |= value(x, y) << (8 - bitDepth - bit)
        }
      }
    }
    return bytes
  }

  /// A number, the highest byte first.
  public static func bytes(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }

  /// A chunk with its checksum.
  public static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let checked = Array(name.utf8) + content
    var crc = UInt32.max
    for byte in checked {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
    }
    return bytes(UInt32(content.count)) + checked + bytes(~crc)
  }

  /// A stream of stored blocks.
  private static func zlib(_ content: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 1]
    for start in stride(from: 0, to: content.count, by: 65535) {
      let block = content[start..<min(content.count, start + 65535)]
      let (low, high) = (UInt8(block.count & 255), UInt8(block.count >> 8))
      stream += [start + 65535 >= content.count ? 1 : 0, low, high, ~low, ~high] + block
    }
    var (a, b) = (UInt32(1), UInt32(0))
    for byte in content {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return stream + bytes(b << 16 | a)
  }
}

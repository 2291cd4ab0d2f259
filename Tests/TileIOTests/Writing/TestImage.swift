import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing
import TileIO

/// Pixels made from their coordinates, and the ways in which tests write and compare them.
struct TestImage: Sendable, CustomTestStringConvertible {
  var info: ImageInfo
  let bytes: [UInt8]

  /// Smooth colors with noise; with `isFlat` the left third is of one color, as glass is.
  init(
    _ width: Int, _ height: Int, channels: Int = 3, hasAlpha: Bool = false,
    format: SampleFormat = .uint8, isFlat: Bool = false
  ) {
    let colors = channels - (hasAlpha ? 1 : 0)
    info = ImageInfo(
      format: "test", width: width, height: height, channels: channels, hasAlpha: hasAlpha,
      color: colors == 3 ? .rgb : colors == 1 ? .gray : .other, sampleFormat: format)
    var bytes = [UInt8]()
    bytes.reserveCapacity(width * height * channels * format.bytes)
    var state: UInt32 = 12345
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          state = state &* 1_664_525 &+ 1_013_904_223
          let noise = Double(state >> 16) / 65535 - 0.5
          let wave = sin(Double(x) / 19 + Double(channel)) + cos(Double(y) / 23)
          let isGlass = isFlat && x < width / 3
          let value = isGlass ? 0.95 : min(1, max(0, 0.5 + 0.2 * wave + 0.08 * noise))
          switch format {
          case .uint8: bytes.append(UInt8(value * 255))
          case .uint16:
            withUnsafeBytes(of: UInt16(value * 65535)) { bytes += $0 }
          case .float32: withUnsafeBytes(of: Float(value * 3 - 1)) { bytes += $0 }
          }
        }
      }
    }
    self.bytes = bytes
  }

  var testDescription: String {
    "\(info.width)x\(info.height)x\(info.channels) \(info.sampleFormat)"
  }

  /// Where the bytes differ, in a few words; nil if they do not.
  static func difference(_ a: [UInt8], _ b: [UInt8]) -> String? {
    if a == b { return nil }
    if a.count != b.count { return "\(a.count) bytes and \(b.count)" }
    let places = a.indices.filter { a[$0] != b[$0] }
    return
      "\(places.count) bytes of \(a.count), first \(places[0]): \(a[places[0]]) \(b[places[0]])"
  }

  /// Writes the pixels in strips of `rows`.
  func feed(_ sink: any ImageSink, rows: Int, upTo end: Int? = nil) throws {
    let rowBytes = info.width * info.channels * info.sampleFormat.bytes
    var y = 0
    while y < end ?? info.height {
      let count = min(rows, info.height - y)
      var strip = Tile(
        region: PixelRegion(x: 0, y: y, width: info.width, height: count), channels: info.channels,
        format: info.sampleFormat)
      bytes.withUnsafeBytes { source in
        strip.withUnsafeMutableBytes { target in
          target.copyMemory(
            from: source.baseAddress.map { $0 + y * rowBytes } ?? UnsafeRawPointer(target),
            byteCount: count * rowBytes)
        }
      }
      try sink.write(strip)
      y += count
    }
  }

  /// Writes the image to `path`.
  func write(
    to path: String, _ options: OutputOptions = OutputOptions(), rows: Int = 256, threads: Int = 2
  ) throws {
    let pool = WorkerPool(count: threads)
    let sink = try ImageOutput.open(path: path, info: info, options: options, pool: pool)
    try feed(sink, rows: rows)
    try sink.finish()
  }

  /// The image as a file of libvips, made without the code under test.
  func vipsFile(in folder: TemporaryDirectory, _ vips: ExternalTool) throws -> String {
    let raw = folder.path("oracle.raw")
    try Data(bytes).write(to: URL(filePath: raw))
    let format =
      switch info.sampleFormat {
      case .uint8: "uchar"
      case .uint16: "ushort"
      case .float32: "float"
      }
    let result = try vips.run([
      "rawload", raw, folder.path("oracle.v"), "\(info.width)", "\(info.height)",
      "\(info.channels)", "--format", format,
    ])
    guard result.status == 0 else { throw TesseraError(raw, "making the oracle", result.errors) }
    return folder.path("oracle.v")
  }

  /// The samples of an image file as libvips reads them.
  static func samples(
    of path: String, in folder: TemporaryDirectory, _ vips: ExternalTool
  ) throws -> [UInt8] {
    let raw = folder.path("read.raw")
    let result = try vips.run(["rawsave", path, raw])
    guard result.status == 0 else { throw TesseraError(path, "reading it by vips", result.errors) }
    defer { try? FileManager.default.removeItem(atPath: raw) }
    return [UInt8](try Data(contentsOf: URL(filePath: raw)))
  }

  /// Peak signal-to-noise ratio of 8-bit samples in dB.
  static func ratio(_ a: [UInt8], _ b: [UInt8]) -> Double {
    guard a.count == b.count, !a.isEmpty else { return 0 }
    let squares = zip(a, b).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
    return squares == 0 ? .infinity : 10 * log10(255 * 255 * Double(a.count) / squares)
  }
}

/// Programs that check the files.
enum Oracle {
  static let vips = ExternalTool("vips")
  static let openSlide = ExternalTool("openslide-show-properties")
  static let python = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"].flatMap {
    ExternalTool($0)
  }
}

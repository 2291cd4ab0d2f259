import Foundation
import TesseraPlugin
import TileIO

/// Images made on the spot, and the samples of files as libvips' own program sees them.
public enum TestImages {
  /// libvips' program, the oracle for pixels.
  public static let vips = ExternalTool("vips")

  /// Writes a binary PPM with some structure: gradients, waves and a little noise.
  @discardableResult
  public static func writePPM(_ path: String, width: Int, height: Int) throws -> String {
    var bytes = Array("P6\n\(width) \(height)\n255\n".utf8)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 {
          let wave = (x / (3 + channel) + y / (5 + channel)) % 64
          let noise = MemorySource.noise(x, y, channel) / 16
          bytes.append(UInt8(min(255, 90 + wave * 2 + noise + x * 20 / max(1, width))))
        }
      }
    }
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  /// Runs `vips` and throws what it says if it fails.
  public static func runVips(_ arguments: [String]) throws {
    guard let vips else { throw ToolFailure("vips is not installed") }
    let result = try vips.run(arguments)
    guard result.status == 0 else { throw ToolFailure(result.errors) }
  }

  /// The raw samples of a file as `vips` decodes it, after `operation` where one is given.
  public static func samples(
    _ path: String, after operation: String? = nil, in folder: TemporaryDirectory
  ) throws -> [UInt8] {
    var input = path
    if let operation {
      input = folder.path("operation.v")
      try runVips([operation, path, input])
    }
    let raw = folder.path("samples.raw")
    try runVips(["rawsave", input, raw])
    return Array(try Data(contentsOf: URL(filePath: raw)))
  }

  /// All samples of level 0, read as a run reads them: full rows, top to bottom.
  public static func read(_ source: any ImageSource, rows: Int = 100) throws -> [UInt8] {
    let info = source.info
    let sink = MemorySink()
    for top in stride(from: 0, to: info.height, by: rows) {
      var strip = Tile(
        region: PixelRegion(
          x: 0, y: top, width: info.width, height: min(rows, info.height - top)),
        channels: info.channels, format: info.sampleFormat)
      try source.read(into: &strip)
      try sink.write(strip)
    }
    return sink.bytes
  }
}

/// A program that a test leans on has failed.
public struct ToolFailure: Error, CustomStringConvertible {
  /// What it said.
  public let description: String

  /// Keeps what it said.
  public init(_ description: String) { self.description = description }
}

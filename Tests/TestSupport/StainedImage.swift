import Base
import Foundation
import TesseraPlugin
import TileIO

/// A small image that a stain pair accepts: two stains in blobs on glass.
public enum StainedImage {
  /// The pixels, as a source of any size.
  public static func source(width: Int, height: Int, isRandomAccess: Bool = true) -> MemorySource {
    MemorySource(width: width, height: height, isRandomAccess: isRandomAccess, value: value)
  }

  /// Hematoxylin in small spots and eosin in wide waves, through the Beer-Lambert law.
  public static let value: @Sendable (Int, Int, Int) -> Int = { x, y, channel in
    let wave = sin(Double(x) / 37) * sin(Double(y) / 41)
    guard wave > -0.35 else { return 244 }
    let spot = sin(Double(x) / 5) * sin(Double(y) / 6)
    let noise = Double(MemorySource.noise(x, y, 7)) / 255
    let hematoxylin = spot > 0.35 ? 0.9 + 0.3 * noise : 0.08 + 0.05 * noise
    let eosin = 0.35 + 0.3 * (wave + 0.35) + 0.15 * noise
    let vectors = [[0.65, 0.07], [0.70, 0.99], [0.29, 0.11]]
    let density = hematoxylin * vectors[channel][0] + eosin * vectors[channel][1]
    return Int((244 * exp(-density)).rounded())
  }

  /// Writes the image in the format of the path's extension.
  @discardableResult
  public static func write(
    _ path: String, width: Int = 400, height: Int = 300, options: OutputOptions = OutputOptions()
  ) throws -> String {
    let source = source(width: width, height: height)
    let pool = WorkerPool(count: 2)
    let sink = try ImageOutput.open(path: path, info: source.info, options: options, pool: pool)
    for top in stride(from: 0, to: height, by: 256) {
      var strip = Tile(
        region: PixelRegion(x: 0, y: top, width: width, height: min(256, height - top)),
        channels: 3, format: .uint8)
      try source.read(into: &strip)
      try sink.write(strip)
    }
    try sink.finish()
    return path
  }
}

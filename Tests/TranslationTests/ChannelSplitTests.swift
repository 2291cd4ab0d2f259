import Base
import TesseraPlugin
import TestSupport
import Testing

@testable import Translation

struct ChannelSplitTests {
  private static let levels: [Float] = [
    .nan, .infinity, -.infinity, 0, 0.25, 1, 1.5, -2, 1e30, -1e30,
  ]

  /// Colors of 0 with the alpha of a float picture, as samples of another format.
  private func alpha<S: Sample>(as: S.Type) -> [S] {
    let region = PixelRegion(x: 0, y: 0, width: Self.levels.count, height: 1)
    var window = Tile(region: region, channels: 4, format: .float32)
    window.withMutableRow(0, columns: region.columns, as: Float.self) { samples in
      for (index, level) in Self.levels.enumerated() { samples[4 * index + 3] = level }
    }
    let colors = Tile(region: region, channels: 3, format: S.sampleFormat)
    var core = Tile(region: region, channels: 4, format: S.sampleFormat)
    ChannelSplit.join(colors, alphaOf: window, scale: PixelScale(1, 1), into: &core)
    return core.withRow(0, columns: region.columns, as: S.self) { samples in
      Self.levels.indices.map { samples[4 * $0 + 3] }
    }
  }

  @Test func `alpha that is no number is transparent, and what lies beyond is held`() {
    #expect(alpha(as: UInt8.self) == [0, 255, 0, 0, 64, 255, 255, 0, 255, 0])
    #expect(alpha(as: UInt16.self) == [0, 65535, 0, 0, 16384, 65535, 65535, 0, 65535, 0])
    #expect(alpha(as: Float.self) == [0] + Self.levels.dropFirst())
  }

  @Test func `what is transparent is white, whatever color lies there`() {
    let region = PixelRegion(x: 0, y: 0, width: 3, height: 1)
    var window = Tile(region: region, channels: 4, format: .uint8)
    window.withMutableRow(0, columns: region.columns, as: UInt8.self) { samples in
      for (index, value) in [9, 8, 7, 0, 6, 5, 4, 1, 3, 2, 1, 255].enumerated() {
        samples[index] = UInt8(value)
      }
    }
    let colors = ChannelSplit.colors(of: window, own: 3).withRow(
      0, columns: region.columns, as: UInt8.self
    ) { span in span.indices.map { span[$0] } }
    #expect(colors == [255, 255, 255, 6, 5, 4, 3, 2, 1])
  }

  /// A disc in front of nothing, of which the file still keeps some color.
  private func disc(hidden: Int, isRandomAccess: Bool) -> MemorySource {
    MemorySource(
      width: 2200, height: 2000, channels: 4, hasAlpha: true, isRandomAccess: isRandomAccess
    ) { x, y, channel in
      let isSeen = (x - 1100) * (x - 1100) + (y - 1000) * (y - 1000) < 640_000
      if channel == 3 { return isSeen ? 255 : 0 }
      return isSeen ? (x + 2 * y + 40 * channel) % 200 : hidden
    }
  }

  @Test(arguments: [true, false])
  func `hidden colors do not show in an overview`(isRandomAccess: Bool) throws {
    let engine = TranslationEngine(pool: WorkerPool(count: 1))
    let overviews = try [0, 130, 255].map { hidden in
      let overview = try engine.overview(of: disc(hidden: hidden, isRandomAccess: isRandomAccess))
      #expect(overview.reduction == 2 && overview.pixels.channels == 3)
      return overview.pixels.region.rows.flatMap { y in
        overview.pixels.withRow(y, columns: overview.pixels.region.columns, as: UInt8.self) {
          span in
          span.indices.map { span[$0] }
        }
      }
    }
    #expect(overviews[0] == overviews[1] && overviews[1] == overviews[2])
    #expect(overviews[0][0] == 255)
  }
}

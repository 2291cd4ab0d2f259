import TesseraPlugin
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
}

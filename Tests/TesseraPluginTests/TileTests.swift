import TesseraPlugin
import Testing

struct TileTests {
  private func ramp(_ region: PixelRegion, channels: Int) -> Tile {
    var tile = Tile(region: region, channels: channels, format: .uint16)
    for row in region.rows {
      tile.withMutableRow(row, columns: region.columns, as: UInt16.self) { samples in
        for index in 0..<samples.count { samples[index] = UInt16(row * 1000 + index) }
      }
    }
    return tile
  }

  @Test func `rows and columns are those of the image`() {
    let tile = ramp(PixelRegion(x: 7, y: 5, width: 10, height: 4), channels: 3)
    let value = tile.withRow(6, columns: 9..<11, as: UInt16.self) { ($0[0], $0.count) }
    #expect(value == (6006, 6))
  }

  @Test func `a tile over lent memory sees the rows of its part only`() {
    var whole = ramp(PixelRegion(x: 0, y: 0, width: 8, height: 6), channels: 1)
    let bytesPerRow = whole.bytesPerRow
    whole.withUnsafeMutableBytes { base in
      let part = Tile(
        lending: base + 2 * bytesPerRow + 3 * 2, bytesPerRow: bytesPerRow,
        region: PixelRegion(x: 3, y: 2, width: 4, height: 3), channels: 1, format: .uint16)
      #expect(part.withRow(4, columns: 5..<6, as: UInt16.self) { $0[0] } == 4005)
    }
  }

  @Test func `copies keep to the region`() {
    let source = ramp(PixelRegion(x: 0, y: 0, width: 8, height: 8), channels: 2)
    var target = Tile(
      region: PixelRegion(x: 2, y: 2, width: 6, height: 6), channels: 2, format: .uint16)
    target.copy(PixelRegion(x: 3, y: 4, width: 2, height: 1), from: source)
    let row = target.withRow(4, columns: 2..<6, as: UInt16.self) { samples in
      (0..<8).map { samples[$0] }
    }
    #expect(row == [0, 0, 4006, 4007, 4008, 4009, 0, 0])
    #expect(target.withRow(5, columns: 3..<4, as: UInt16.self) { $0[0] } == 0)
  }

  @Test func `a read outside of the tile traps`() async {
    await #expect(processExitsWith: .failure) {
      let tile = Tile(
        region: PixelRegion(x: 0, y: 0, width: 4, height: 4), channels: 1, format: .uint8)
      tile.withRow(1, columns: 2..<5, as: UInt8.self) { _ in }
    }
  }
}

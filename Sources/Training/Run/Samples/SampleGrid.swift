import Base
import TesseraPlugin
import TileIO

/// Pictures in rows and columns, such as input, output and target of some examples, as one PNG.
package struct SampleGrid: Sendable {
  /// Titles of the columns.
  package let columns: [String]
  private let limit: Int
  private var rows: [[RGBPicture]] = []

  private static let gap = 2
  private static let titleHeight = 20

  /// Makes an empty grid; larger pictures are reduced to `limit` px a side.
  package init(columns: [String], limit: Int = 512) {
    precondition(!columns.isEmpty && limit > 0)
    (self.columns, self.limit) = (columns, limit)
  }

  /// Adds a row of as many pictures as there are columns.
  package mutating func append(_ row: [SamplePicture]) {
    precondition(row.count == columns.count)
    rows.append(row.map { $0.drawn(atMost: limit) })
  }

  /// Writes the grid as an 8-bit PNG; the same pictures give the same bytes.
  package func write(to path: String) throws(TesseraError) {
    guard !rows.isEmpty else {
      throw TesseraError(path, "writing the samples", "there are no pictures")
    }
    let picture = drawn
    let info = ImageInfo(
      format: "PNG", width: picture.width, height: picture.height, channels: 3, color: .rgb,
      sampleFormat: .uint8)
    let writer = try PlainImageWriter(path: path, info: info, options: OutputOptions())
    var tile = Tile(region: info.region, channels: 3, format: .uint8)
    let (bytesPerRow, rowBytes) = (tile.bytesPerRow, picture.width * 3)
    tile.withUnsafeMutableBytes { base in
      picture.bytes.withUnsafeBytes { bytes in
        for row in 0..<picture.height {
          UnsafeMutableRawBufferPointer(start: base + row * bytesPerRow, count: rowBytes)
            .copyBytes(from: bytes[(row * rowBytes)..<((row + 1) * rowBytes)])
        }
      }
    }
    try writer.write(tile)
    try writer.finish()
  }

  /// The grid: titles above columns as wide as their widest picture.
  var drawn: RGBPicture {
    let widths = columns.indices.map { column in rows.map { $0[column].width }.max() ?? 0 }
    let heights = rows.map { row in row.map(\.height).max() ?? 0 }
    let gaps = (columns.count + 1, rows.count)
    var grid = RGBPicture(
      width: widths.reduce(gaps.0 * Self.gap, +),
      height: heights.reduce(Self.titleHeight + gaps.1 * Self.gap, +), filledWith: 255)
    var x = Self.gap
    for (column, title) in columns.enumerated() {
      grid.write(title, x: x, y: Self.gap, atMost: widths[column], (60, 60, 60))
      var y = Self.titleHeight
      for (row, height) in heights.enumerated() {
        grid.draw(rows[row][column], x: x, y: y)
        y += height + Self.gap
      }
      x += widths[column] + Self.gap
    }
    return grid
  }
}

import TesseraPlugin
import TileIO

/// Some rows of two images as planes of levels: one a color channel, and the luminance as the last.
struct Band: Sendable {
  /// Where the rows lie in the images.
  let rows: Range<Int>
  let width: Int
  /// For each plane, its levels row by row.
  let result: [[Float]]
  /// The same of the other image.
  let target: [[Float]]
  /// Row by row, true where pixels count; empty where all do.
  let mask: [Bool]

  /// The levels of a row.
  @inline(__always)
  static func row(_ plane: borrowing [Float], _ index: Int, width: Int) -> Range<Int> {
    index * width..<(index + 1) * width
  }
}

/// Turns rows of a tile into planes.
struct PlaneSplitter: Sendable {
  /// Color channels, alpha left out.
  let channels: Int
  let hasLuminance: Bool
  /// What a stored sample is multiplied by.
  let scale: Float

  init(_ info: ImageInfo, scale: Float, wantsLuminance: Bool) {
    channels = info.channels - (info.hasAlpha ? 1 : 0)
    hasLuminance = wantsLuminance && channels == 3
    self.scale = scale
  }

  /// The planes of `rows`, which the tile has in full width.
  func planes(_ tile: borrowing Tile, rows: Range<Int>) -> [[Float]] {
    switch tile.format {
    case .uint8: split(tile, rows, UInt8.self) { Float($0) }
    case .uint16: split(tile, rows, UInt16.self) { Float($0) }
    case .float32: split(tile, rows, Float.self) { $0 }
    }
  }

  private func split<S: Sample>(
    _ tile: borrowing Tile, _ rows: Range<Int>, _: S.Type, _ value: (S) -> Float
  ) -> [[Float]] {
    let (width, stride, scale) = (tile.region.width, tile.channels, scale)
    var planes = (0..<channels).map { _ in [Float](repeating: 0, count: rows.count * width) }
    for (index, row) in rows.enumerated() {
      tile.withRow(row, columns: tile.region.columns, as: S.self) { input in
        for channel in 0..<channels {
          let first = index * width
          var plane = planes[channel].mutableSpan
          for x in 0..<width { plane[first + x] = value(input[x * stride + channel]) * scale }
        }
      }
    }
    if hasLuminance { planes.append(PlaneSplitter.luminance(planes)) }
    return planes
  }

  // The weights are those of BT.709, as in scikit-image's rgb2gray to four digits.
  private static func luminance(_ planes: [[Float]]) -> [Float] {
    let (reds, greens, blues) = (planes[0], planes[1], planes[2])
    let red = reds.span
    let green = greens.span
    let blue = blues.span
    var output = [Float](repeating: 0, count: reds.count)
    var luminance = output.mutableSpan
    for x in 0..<luminance.count {
      luminance[x] = 0.2126 * red[x] + 0.7152 * green[x] + 0.0722 * blue[x]
    }
    return output
  }
}

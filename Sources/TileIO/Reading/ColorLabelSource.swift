import Base
import TesseraPlugin

/// A color image whose colors stand for classes: one channel of their numbers.
final class ColorLabelSource: ImageSource {
  let info: ImageInfo

  private let path: String
  private let page: Int
  private let image: any ImageSource
  private let colors: LabelColors

  /// Takes `image` if it is RGB of 8 bits, with or without alpha; nil of any other.
  init?(_ image: any ImageSource, colors: LabelColors, path: String, page: Int) {
    var info = image.info
    guard info.color == .rgb, info.sampleFormat == .uint8 else { return nil }
    info.channels = 1
    info.hasAlpha = false
    info.color = .gray
    info.sampleFormat = colors.entries.count <= 256 ? .uint8 : .uint16
    info.storedAs = "colours of \(colors.entries.count) labels"
    info.iccProfile = nil
    self.info = info
    self.image = image
    self.colors = colors
    self.path = path
    self.page = page
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    precondition(
      tile.channels == 1 && tile.format == info.sampleFormat,
      "\(tile.channels) x \(tile.format) of labels")
    var pixels = Tile(region: tile.region, channels: image.info.channels, format: .uint8)
    try image.read(into: &pixels)
    if tile.format == .uint16 {
      translate(pixels, into: &tile, as: UInt16.self)
    } else {
      translate(pixels, into: &tile, as: UInt8.self)
    }
  }

  private func translate<S: Sample & FixedWidthInteger>(
    _ pixels: borrowing Tile, into tile: inout Tile, as: S.Type
  ) {
    // Colors met before: a place a color, which the next one of that place takes over.
    var known = [UInt32](repeating: .max, count: 4096)
    var labels = [S](repeating: 0, count: 4096)
    let (columns, stride) = (tile.region.columns, pixels.channels)
    for row in tile.region.rows {
      pixels.withRow(row, columns: columns, as: UInt8.self) { samples in
        tile.withMutableRow(row, columns: columns, as: S.self) { output in
          for x in 0..<output.count {
            let (r, g, b) = (
              samples[x * stride], samples[x * stride + 1], samples[x * stride + 2]
            )
            let key = UInt32(r) << 16 | UInt32(g) << 8 | UInt32(b)
            let place = Int((key &* 0x9E37_79B1) >> 20)
            if known[place] != key {
              known[place] = key
              labels[place] = S(truncatingIfNeeded: colors.label(r, g, b))
            }
            output[x] = labels[place]
          }
        }
      }
    }
  }

  func reopened() throws(TesseraError) -> any ImageSource {
    info.isRandomAccess ? self : try again()
  }

  /// The label in the middle of each square: a mean of colors is another class.
  func overview(reduction: Int) throws(TesseraError) -> Tile {
    try LabelSource.overview(of: again(), reduction)
  }

  private func again() throws(TesseraError) -> any ImageSource {
    try ImageFile.open(
      path, page: page, limits: .init(pixels: .max), as: .labels(palette: colors))
  }
}

import Base
import TesseraPlugin

/// A gray image whose samples are numbers of labels; everything but its overview is that of `image`.
package final class LabelSource: ImageSource {
  package var info: ImageInfo { image.info }

  private let path: String
  private let page: Int
  private let image: any ImageSource

  /// Takes `image` if it can hold labels: one channel of 8 or 16 bits.
  init(_ image: any ImageSource, path: String, page: Int) throws(TesseraError) {
    let info = image.info
    guard info.channels == 1 else {
      throw TesseraError(
        path, "reading labels",
        "it has \(info.channels) channels, a label map has one; save the labels as grey values, or "
          + "as a PNG file with a palette")
    }
    guard info.sampleFormat != .float32 else {
      throw TesseraError(
        path, "reading labels",
        "its samples are \(info.storedAs ?? info.sampleFormat.rawValue), labels have 8 or 16 bits; "
          + "convert it first")
    }
    self.image = image
    self.path = path
    self.page = page
  }

  package func read(into tile: inout Tile) throws(TesseraError) { try image.read(into: &tile) }

  package func reopened() throws(TesseraError) -> any ImageSource {
    info.isRandomAccess
      ? self
      : try ImageFile.open(path, page: page, limits: .init(pixels: .max), as: .labels(palette: nil))
  }

  /// The label in the middle of each square: a mean of labels is no label.
  package func overview(reduction: Int) throws(TesseraError) -> Tile {
    try LabelSource.overview(
      of: ImageFile.open(path, page: page, limits: .init(pixels: .max), as: .labels(palette: nil)),
      reduction)
  }

  /// Reads a source that nobody has read from yet, strip by strip.
  package static func overview(
    of source: any ImageSource, _ reduction: Int
  ) throws(TesseraError) -> Tile {
    let info = source.info
    var overview = Tile(
      region: PixelRegion(
        x: 0, y: 0, width: max(1, info.width / reduction),
        height: max(1, info.height / reduction)),
      channels: info.channels, format: info.sampleFormat)
    for row in overview.region.rows {
      let top = row * reduction
      var strip = Tile(
        region: PixelRegion(
          x: 0, y: top, width: info.width, height: min(reduction, info.height - top)),
        channels: info.channels, format: info.sampleFormat)
      try source.read(into: &strip)
      switch info.sampleFormat {
      case .uint16: pick(row, of: &overview, from: strip, reduction, as: UInt16.self)
      case .uint8: pick(row, of: &overview, from: strip, reduction, as: UInt8.self)
      case .float32: pick(row, of: &overview, from: strip, reduction, as: Float.self)
      }
    }
    return overview
  }

  private static func pick<S: Sample>(
    _ row: Int, of overview: inout Tile, from strip: borrowing Tile, _ reduction: Int, as: S.Type
  ) {
    let middle = strip.region.y + strip.region.height / 2
    strip.withRow(middle, columns: strip.region.columns, as: S.self) { labels in
      overview.withMutableRow(row, columns: overview.region.columns, as: S.self) { output in
        let channels = strip.channels
        for x in 0..<output.count / channels {
          let place = min(labels.count / channels - 1, x * reduction + reduction / 2)
          for channel in 0..<channels {
            output[x * channels + channel] = labels[place * channels + channel]
          }
        }
      }
    }
  }
}

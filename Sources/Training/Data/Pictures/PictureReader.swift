import Base
import TesseraPlugin
import TileIO

/// Reads pictures of one domain as networks see them.
struct PictureReader: Sendable, Hashable {
  /// Channels that the domain has; gray becomes three, color becomes gray as BT.601 weighs it.
  var channels: Int
  /// Values that become -1 and 1, such as -1000...2000 HU; nil maps black and white.
  var window: ClosedRange<Float>?
  /// Depth that all have, where black and white follow from it.
  var depth: SampleFormat?

  /// Reads the whole picture.
  func read(_ path: String) throws(TesseraError) -> Picture {
    let source = try ImageFile.open(path)
    return try read(source, source.info.region, path)
  }

  /// Reads a part of it.
  func read(
    _ source: any ImageSource, _ region: PixelRegion, _ path: String
  ) throws(TesseraError) -> Picture {
    let info = source.info
    if let depth, depth != info.sampleFormat {
      throw TesseraError(
        path, "reading the picture",
        "its samples are \(info.sampleFormat.rawValue), the others of its domain are \(depth.rawValue); "
          + "convert it, or say which values are black and white with --source-window or "
          + "--target-window")
    }
    var tile = Tile(region: region, channels: info.channels, format: info.sampleFormat)
    try source.read(into: &tile)
    let colors = info.channels - (info.hasAlpha ? 1 : 0)
    var values = [Float](repeating: 0, count: colors * region.area)
    switch info.sampleFormat {
    case .uint8: unpack(tile, colors, into: &values, as: UInt8.self) { Float($0) }
    case .uint16: unpack(tile, colors, into: &values, as: UInt16.self) { Float($0) }
    case .float32: unpack(tile, colors, into: &values, as: Float.self) { $0 }
    }
    values = try adapted(values, from: colors, pixels: region.area, path)
    let range = window ?? 0...info.sampleFormat.white
    let (factor, low) = (2 / (range.upperBound - range.lowerBound), range.lowerBound)
    let isFloat = info.sampleFormat == .float32
    for index in values.indices {
      let value = values[index]
      guard value.isFinite else {
        throw TesseraError(path, "reading the picture", "a sample is no number (\(value))")
      }
      if isFloat, window == nil, !(value >= -0.001 && value <= 1.001) {
        throw TesseraError(
          path, "reading the picture",
          "a sample is \(value), and floats are taken to be 0...1; say which values are black and "
            + "white with --source-window or --target-window, as in -1000..2000")
      }
      values[index] = min(1, max(-1, (value - low) * factor - 1))
    }
    return Picture(
      channels: channels, height: region.height, width: region.width, values: values)
  }

  private func adapted(
    _ values: [Float], from colors: Int, pixels: Int, _ path: String
  ) throws(TesseraError) -> [Float] {
    switch (colors, channels) {
    case _ where colors == channels: return values
    case (1, 3): return values + values + values
    case (3, 1):
      return (0..<pixels).map { pixel in
        let (r, g, b) = (values[pixel], values[pixels + pixel], values[2 * pixels + pixel])
        return 0.299 * r + 0.587 * g + 0.114 * b
      }
    default:
      throw TesseraError(
        path, "reading the picture",
        "it has \(colors) channels, the others of its domain have \(channels)")
    }
  }

  private func unpack<S: Sample>(
    _ tile: borrowing Tile, _ colors: Int, into values: inout [Float], as: S.Type,
    _ convert: (S) -> Float
  ) {
    let (columns, stride, plane) = (tile.region.columns, tile.channels, tile.region.area)
    var start = 0
    for row in tile.region.rows {
      tile.withRow(row, columns: columns, as: S.self) { samples in
        for channel in 0..<colors {
          for column in 0..<columns.count {
            values[channel * plane + start + column] = convert(samples[column * stride + channel])
          }
        }
      }
      start += columns.count
    }
  }
}

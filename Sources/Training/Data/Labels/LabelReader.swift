import Base
import TesseraPlugin
import TileIO

/// Reads label maps: class numbers as they are stored, or colors that stand for them.
struct LabelReader: Sendable {
  /// Colors of classes; nil where files hold numbers.
  var colors: LabelColors?
  /// The number that stands for "unknown", and the class that it becomes.
  var unknown: (number: Int32, label: Int32)?

  /// Reads a map.
  func read(_ path: String) throws(TesseraError) -> LabelPicture {
    guard let colors else {
      var map = try Self.numbers(path)
      if let unknown {
        for index in map.labels.indices where map.labels[index] == unknown.number {
          map.labels[index] = unknown.label
        }
      }
      return map
    }
    let (rgb, width, height, _) = try Self.rgb(path)
    var known: [Int: Int32] = [:]
    let labels = (0..<(width * height)).map { pixel in
      let (r, g, b) = (rgb[pixel * 3], rgb[pixel * 3 + 1], rgb[pixel * 3 + 2])
      let key = Int(r) << 16 | Int(g) << 8 | Int(b)
      if let label = known[key] { return label }
      let label = colors.label(r, g, b)
      known[key] = label
      return label
    }
    return LabelPicture(height: height, width: width, labels: labels)
  }

  /// The numbers that a file holds.
  static func numbers(_ path: String) throws(TesseraError) -> LabelPicture {
    let source = try ImageFile.open(path, as: .labels(palette: nil))
    let info = source.info
    var tile = Tile(region: info.region, channels: 1, format: info.sampleFormat)
    try source.read(into: &tile)
    var labels: [Int32] = []
    labels.reserveCapacity(info.region.area)
    for row in info.region.rows {
      if info.sampleFormat == .uint16 {
        tile.withRow(row, columns: info.region.columns, as: UInt16.self) { span in
          for column in 0..<span.count { labels.append(Int32(span[column])) }
        }
      } else {
        tile.withRow(row, columns: info.region.columns, as: UInt8.self) { span in
          for column in 0..<span.count { labels.append(Int32(span[column])) }
        }
      }
    }
    return LabelPicture(height: info.height, width: info.width, labels: labels)
  }

  /// Interleaved colors of a file.
  static func rgb(
    _ path: String
  ) throws(TesseraError) -> (bytes: [UInt8], width: Int, height: Int, isLossy: Bool) {
    let source = try ImageFile.open(path)
    let info = source.info
    guard info.sampleFormat == .uint8, info.channels - (info.hasAlpha ? 1 : 0) == 3 else {
      throw TesseraError(
        path, "reading labels by their colours", "it is not RGB of 8 bits as the others are")
    }
    var tile = Tile(region: info.region, channels: info.channels, format: .uint8)
    try source.read(into: &tile)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(info.region.area * 3)
    for row in info.region.rows {
      tile.withRow(row, columns: info.region.columns, as: UInt8.self) { span in
        for column in 0..<info.width {
          for channel in 0..<3 { bytes.append(span[column * info.channels + channel]) }
        }
      }
    }
    return (bytes, info.width, info.height, info.isLossy)
  }

  /// Whether a file's labels are colors rather than numbers.
  static func isColored(_ path: String) throws(TesseraError) -> Bool {
    do throws(TesseraError) {
      _ = try ImageFile.open(path, as: .labels(palette: nil))
      return false
    } catch {
      let info = try ImageFile.open(path).info
      guard info.sampleFormat == .uint8, info.channels - (info.hasAlpha ? 1 : 0) == 3 else {
        throw error
      }
      return true
    }
  }
}

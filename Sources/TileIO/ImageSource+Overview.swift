import Base
public import TesseraPlugin

extension ImageSource {
  /// Itself: for sources with random access.
  public func reopened() throws(TesseraError) -> any ImageSource { self }

  /// None: for sources that are no file of JPEG tiles.
  public var storedJPEGTiles: StoredJPEGTiles? { nil }

  /// Reduces level 0 strip by strip: for sources that hold no smaller levels.
  public func overview(reduction: Int) throws(TesseraError) -> Tile {
    let info = info
    let width = max(1, info.width / reduction)
    let height = max(1, info.height / reduction)
    var overview = Tile(
      region: PixelRegion(x: 0, y: 0, width: width, height: height), channels: info.channels,
      format: info.sampleFormat)
    // Several rows at once, so that tiles are decoded once.
    let rows = max(1, 256 / reduction)
    for first in stride(from: 0, to: height, by: rows) {
      let (top, last) = (first * reduction, min(first + rows, height))
      var strip = Tile(
        region: PixelRegion(
          x: 0, y: top, width: info.width, height: min(last * reduction, info.height) - top),
        channels: info.channels, format: info.sampleFormat)
      try read(into: &strip)
      for row in first..<last {
        switch info.sampleFormat {
        case .uint8:
          average(strip, into: &overview, row: row, reduction, as: UInt8.self) { UInt8($0) }
        case .uint16:
          average(strip, into: &overview, row: row, reduction, as: UInt16.self) { UInt16($0) }
        case .float32:
          average(strip, into: &overview, row: row, reduction, as: Float.self) { $0 }
        }
      }
    }
    return overview
  }

  private func average<S: Sample>(
    _ strip: borrowing Tile, into overview: inout Tile, row: Int, _ reduction: Int, as: S.Type,
    _ convert: (Float) -> S
  ) where S: Numeric {
    let channels = strip.channels
    let region = strip.region
    let rows = (row * reduction)..<min((row + 1) * reduction, region.rows.upperBound)
    var sums = [Float](repeating: 0, count: overview.region.width * channels)
    let columns = min(region.width, overview.region.width * reduction)
    for y in rows {
      strip.withRow(y, columns: 0..<columns, as: S.self) { samples in
        for x in 0..<columns {
          for channel in 0..<channels {
            sums[x / reduction * channels + channel] += value(samples[x * channels + channel])
          }
        }
      }
    }
    let count = Float(min(reduction, columns) * rows.count)
    let isWhole = S.self != Float.self
    overview.withMutableRow(row, columns: overview.region.columns, as: S.self) { samples in
      for index in sums.indices {
        let mean = sums[index] / count
        samples[index] = convert(isWhole ? (mean + 0.5).rounded(.down) : mean)
      }
    }
  }

  private func value<S: Sample>(_ sample: S) -> Float {
    switch sample {
    case let sample as UInt8: Float(sample)
    case let sample as UInt16: Float(sample)
    case let sample as Float: sample
    default: 0
    }
  }
}

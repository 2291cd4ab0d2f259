import Base
import Synchronization
import TesseraPlugin
import TileIO

/// An image made of a list of samples, row by row; a source of one pass.
final class ArraySource: ImageSource {
  let info: ImageInfo
  let samples: [Float]
  private let nextRow = Mutex(0)

  init(
    _ samples: [Float], width: Int, height: Int, channels: Int = 1, format: SampleFormat = .float32
  ) {
    precondition(samples.count == width * height * channels)
    self.samples = samples
    info = ImageInfo(
      format: "array", width: width, height: height, channels: channels,
      color: channels == 3 ? .rgb : channels == 1 ? .gray : .other, sampleFormat: format)
  }

  /// An image whose samples a function gives.
  convenience init(
    width: Int, height: Int, channels: Int = 1, format: SampleFormat = .float32,
    _ value: (_ x: Int, _ y: Int, _ channel: Int) -> Float
  ) {
    var samples: [Float] = []
    samples.reserveCapacity(width * height * channels)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels { samples.append(value(x, y, channel)) }
      }
    }
    self.init(samples, width: width, height: height, channels: channels, format: format)
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    let region = tile.region
    nextRow.withLock { next in
      precondition(region.y == next && region.width == info.width, "\(region) read out of order")
      next = region.y + region.height
    }
    for row in region.rows {
      switch tile.format {
      case .uint8: fill(row, of: &tile, as: UInt8.self) { UInt8($0) }
      case .uint16: fill(row, of: &tile, as: UInt16.self) { UInt16($0) }
      case .float32: fill(row, of: &tile, as: Float.self) { $0 }
      }
    }
  }

  private func fill<S: Sample>(
    _ row: Int, of tile: inout Tile, as: S.Type, _ convert: (Float) -> S
  ) {
    let first = row * info.width * info.channels
    tile.withMutableRow(row, columns: tile.region.columns, as: S.self) { output in
      for index in 0..<output.count { output[index] = convert(samples[first + index]) }
    }
  }
}

import TesseraPlugin

/// The pixels of an overview in 8 bits: what every method is fitted on, whatever the depth.
package struct FitPixels: Sendable {
  /// Columns.
  package let width: Int
  /// Rows.
  package let height: Int
  /// R, G, B, row by row.
  package let samples: [UInt8]

  /// Takes over a tile of three channels; a sample that is no number becomes 0.
  package init(_ tile: borrowing Tile) {
    width = tile.region.width
    height = tile.region.height
    samples =
      switch tile.format {
      case .uint8: Self.bytes(tile, as: UInt8.self)
      case .uint16: Self.bytes(tile, as: UInt16.self)
      case .float32: Self.bytes(tile, as: Float.self)
      }
  }

  /// Parts of an image, one below the other; narrow ones are widened by their last column.
  package init(stacking parts: [PixelSample]) {
    let parts = parts.map { FitPixels($0.pixels) }
    width = parts.map(\.width).max() ?? 0
    height = parts.reduce(0) { $0 + $1.height }
    var samples: [UInt8] = []
    samples.reserveCapacity(3 * width * height)
    for part in parts {
      for row in 0..<part.height {
        let end = 3 * (row + 1) * part.width
        samples += part.samples[(end - 3 * part.width)..<end]
        for _ in part.width..<width { samples += part.samples[(end - 3)..<end] }
      }
    }
    self.samples = samples
  }

  /// The pixels as they would be in front of white glass.
  package func balanced(_ glass: Glass) -> FitPixels {
    guard glass != Glass() else { return self }
    let tables = (0..<3).map { channel in
      (0..<256).map { UInt8(saturating: Double($0) / glass.share[channel]) }
    }
    let balanced = [UInt8](unsafeUninitializedCapacity: samples.count) { bytes, count in
      for offset in stride(from: 0, to: samples.count, by: 3) {
        for channel in 0..<3 {
          bytes[offset + channel] = tables[channel][Int(samples[offset + channel])]
        }
      }
      count = samples.count
    }
    return FitPixels(width: width, height: height, samples: balanced)
  }

  private init(width: Int, height: Int, samples: [UInt8]) {
    self.width = width
    self.height = height
    self.samples = samples
  }

  /// Number of pixels.
  package var count: Int { width * height }

  private static func bytes<Level: ByteSample>(
    _ tile: borrowing Tile, as _: Level.Type
  ) -> [UInt8] {
    let columns = tile.region.columns
    let stride = 3 * columns.count
    return [UInt8](unsafeUninitializedCapacity: stride * tile.region.height) { bytes, count in
      for row in tile.region.rows {
        tile.withRow(row, columns: columns, as: Level.self) { span in
          for index in 0..<stride { bytes[count + index] = span[index].byte }
        }
        count += stride
      }
    }
  }
}

extension TissueMask {
  /// Finds the tissue of an overview.
  package init(_ pixels: FitPixels, score: Score) {
    self.init(pixels.samples, width: pixels.width, height: pixels.height, score: score)
  }
}

/// A sample that has a nearest 8-bit level; 0 for one that is no number.
protocol ByteSample: Sample {
  var byte: UInt8 { get }
}

extension UInt8: ByteSample {
  var byte: UInt8 { self }
}

extension UInt16: ByteSample {
  var byte: UInt8 { UInt8((Int(self) + 128) / 257) }
}

extension Float: ByteSample {
  var byte: UInt8 { self > 0 ? (self < 1 ? UInt8(self * 255 + 0.5) : 255) : 0 }
}

import Base
import TesseraPlugin
import TileIO

/// A sink that keeps every sample, or compares with what an earlier run kept.
final class RasterSink: ImageSink {
  private let store: ScratchFile
  private let isComparing: Bool
  private var offset = 0

  /// Levels of full intensity that float samples will be rounded to.
  private let levels: Float?

  private(set) var maximumDifference = 0.0
  private(set) var maximumLevels = 0.0
  private(set) var differingSamples = 0

  init(_ store: ScratchFile, isComparing: Bool, levels: Float? = nil) {
    self.store = store
    self.levels = levels
    self.isComparing = isComparing
  }

  func write(_ strip: borrowing Tile) throws(TesseraError) {
    let count = strip.region.width * strip.channels * strip.format.bytes
    for row in 0..<strip.region.height {
      let bytesPerRow = strip.bytesPerRow
      try strip.withUnsafeBytes { base throws(TesseraError) in
        let bytes = UnsafeRawBufferPointer(start: base + row * bytesPerRow, count: count)
        if isComparing {
          try compare(bytes, format: strip.format)
        } else {
          try store.write(bytes, at: offset)
        }
      }
      offset += count
    }
  }

  func finish() throws(TesseraError) {}

  func discard() {}

  private func compare(
    _ bytes: UnsafeRawBufferPointer, format: SampleFormat
  ) throws(TesseraError) {
    var kept = [UInt8](repeating: 0, count: bytes.count)
    try kept.withUnsafeMutableBufferPointer { kept throws(TesseraError) in
      try store.read(into: UnsafeMutableRawBufferPointer(kept), at: offset)
    }
    guard !kept.elementsEqual(bytes) else { return }
    kept.withUnsafeBytes { kept in
      switch format {
      case .uint8: count(kept, bytes, as: UInt8.self) { Double($0) }
      case .uint16: count(kept, bytes, as: UInt16.self) { Double($0) }
      case .float32: count(kept, bytes, as: Float.self) { Double($0) }
      }
    }
  }

  private func count<S: Sample & Equatable>(
    _ kept: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer, as: S.Type,
    _ value: (S) -> Double
  ) {
    for (first, second) in zip(kept.bindMemory(to: S.self), bytes.bindMemory(to: S.self))
    where first != second {
      let difference = abs(value(first) - value(second))
      // Two values that are no numbers are the same value.
      if difference.isNaN, value(first).isNaN, value(second).isNaN { continue }
      differingSamples += 1
      maximumDifference = max(maximumDifference, difference.isNaN ? .infinity : difference)
      if let levels {
        let white = Double(levels)
        let step = abs(
          rounded(value(first) * white, white) - rounded(value(second) * white, white))
        maximumLevels = max(maximumLevels, step.isNaN ? .infinity : step)
      }
    }
  }

  /// The level that a value is written as; floats are written as they are.
  private func rounded(_ value: Double, _ white: Double) -> Double {
    white > 1 ? min(max(value, 0), white).rounded() : value
  }
}

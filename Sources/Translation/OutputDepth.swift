import TesseraPlugin

/// The bit depth of an output, where the user asks for another than the input's.
public enum OutputDepth: String, Sendable, Hashable, CaseIterable {
  /// Unsigned 8 bits.
  case eight = "8"
  /// Unsigned 16 bits.
  case sixteen = "16"
  /// Single precision, 0...1 for color.
  case float

  /// The format of a sample of this depth.
  public var format: SampleFormat {
    switch self {
    case .eight: .uint8
    case .sixteen: .uint16
    case .float: .float32
    }
  }
}

/// Rescales samples from one depth to another: full intensity stays full intensity.
enum DepthConversion {
  /// Converts every sample of `source`; rounds to nearest and saturates.
  static func convert(_ source: borrowing Tile, into target: inout Tile) {
    precondition(source.region == target.region && source.channels == target.channels)
    let scale = target.format.white / source.format.white
    switch source.format {
    case .uint8: convert(source, into: &target, scale, as: UInt8.self) { Float($0) }
    case .uint16: convert(source, into: &target, scale, as: UInt16.self) { Float($0) }
    case .float32: convert(source, into: &target, scale, as: Float.self) { $0 }
    }
  }

  private static func convert<S: Sample>(
    _ source: borrowing Tile, into target: inout Tile, _ scale: Float, as: S.Type,
    _ value: (S) -> Float
  ) {
    let columns = source.region.columns
    let count = columns.count * source.channels
    for row in source.region.rows {
      source.withRow(row, columns: columns, as: S.self) { input in
        switch target.format {
        case .uint8:
          target.withMutableRow(row, columns: columns, as: UInt8.self) { output in
            for index in 0..<count {
              output[index] = UInt8(saturating: value(input[index]) * scale)
            }
          }
        case .uint16:
          target.withMutableRow(row, columns: columns, as: UInt16.self) { output in
            for index in 0..<count {
              output[index] = UInt16(saturating: value(input[index]) * scale)
            }
          }
        case .float32:
          target.withMutableRow(row, columns: columns, as: Float.self) { output in
            for index in 0..<count { output[index] = value(input[index]) * scale }
          }
        }
      }
    }
  }
}

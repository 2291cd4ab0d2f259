import Foundation

/// The numbers of one parameter, contiguous with the last axis fastest.
public struct CheckpointTensor: Sendable, Hashable {
  /// Sizes of the axes; empty for a single number.
  public let shape: [Int]
  /// Type of the numbers.
  public let element: CheckpointElement
  /// The numbers, little-endian; often a slice of the file, so indices need not start at 0.
  public let bytes: Data

  /// Wraps bytes, whose number must fit the shape.
  public init(shape: [Int], element: CheckpointElement, bytes: Data) {
    precondition(element.byteCount(of: shape) == bytes.count)
    self.shape = shape
    self.element = element
    self.bytes = bytes
  }

  /// Makes an `f32` tensor of as many values as the shape has.
  public init(shape: [Int], floats: [Float]) {
    self.init(
      shape: shape, element: .f32, bytes: floats.withUnsafeBytes { Data($0) })
  }

  /// How many numbers.
  public var count: Int { bytes.count / element.byteCount }

  /// The numbers as floats: exact for `f32`, `f16` and `bf16`, else the nearest float.
  public func floats() -> [Float] {
    switch element {
    case .f32: converted { (value: Float) in value }
    case .f64: converted { (value: Double) in Float(value) }
    case .f16: converted(Self.half)
    case .bf16: converted { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .bool: converted { (value: UInt8) in value == 0 ? 0 : 1 }
    case .u8: converted { (value: UInt8) in Float(value) }
    case .i8: converted { (value: Int8) in Float(value) }
    case .u16: converted { (value: UInt16) in Float(value) }
    case .i16: converted { (value: Int16) in Float(value) }
    case .u32: converted { (value: UInt32) in Float(value) }
    case .i32: converted { (value: Int32) in Float(value) }
    case .u64: converted { (value: UInt64) in Float(value) }
    case .i64: converted { (value: Int64) in Float(value) }
    }
  }

  /// Whether no number is infinite or not a number; looks at all of them.
  public var isFinite: Bool {
    switch element {
    case .f32: allSatisfy { (bits: UInt32) in bits & 0x7F80_0000 != 0x7F80_0000 }
    case .f64:
      allSatisfy { (bits: UInt64) in bits & 0x7FF0_0000_0000_0000 != 0x7FF0_0000_0000_0000 }
    case .f16: allSatisfy { (bits: UInt16) in bits & 0x7C00 != 0x7C00 }
    case .bf16: allSatisfy { (bits: UInt16) in bits & 0x7F80 != 0x7F80 }
    default: true
    }
  }

  // Bytes in a file need not be aligned.
  private func converted<Stored: BitwiseCopyable>(_ float: (Stored) -> Float) -> [Float] {
    bytes.withUnsafeBytes { bytes in
      [Float](unsafeUninitializedCapacity: count) { floats, written in
        for place in 0..<count {
          let offset = place * MemoryLayout<Stored>.size
          floats[place] = float(bytes.loadUnaligned(fromByteOffset: offset, as: Stored.self))
        }
        written = count
      }
    }
  }

  private func allSatisfy<Stored: BitwiseCopyable>(_ test: (Stored) -> Bool) -> Bool {
    bytes.withUnsafeBytes { bytes in
      (0..<count).allSatisfy { place in
        let offset = place * MemoryLayout<Stored>.size
        return test(bytes.loadUnaligned(fromByteOffset: offset, as: Stored.self))
      }
    }
  }

  // Float16 does not exist on Macs with Intel processors.
  private static func half(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}

public import Foundation

/// A tensor whose elements are known: a weight, a bias, the sizes of a reshape.
public struct Constant: Sendable, Hashable {
  /// Sizes of the axes; empty for a scalar.
  public let shape: [Int]
  /// Type of the elements.
  public let elementType: ElementType
  /// Elements in row-major order, little endian.
  public let bytes: Data

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// Wraps bytes that hold exactly the elements of `shape`.
  public init(shape: [Int], elementType: ElementType, bytes: Data) {
    precondition(
      bytes.count == shape.reduce(1, *) * elementType.bytes,
      "\(bytes.count) bytes for \(shape) of \(elementType)")
    self.shape = shape
    self.elementType = elementType
    self.bytes = bytes
  }

  /// A tensor of f32.
  public init(_ values: [Float], shape: [Int]) {
    self.init(
      shape: shape, elementType: .float32,
      bytes: values.withUnsafeBytes { Data($0) })
  }

  /// A vector of f32.
  public init(_ values: [Float]) { self.init(values, shape: [values.count]) }

  /// A vector of integers, as shapes, axes and pads have it.
  public init(integers values: [Int]) {
    self.init(
      shape: [values.count], elementType: .int64,
      bytes: values.map(Int64.init).withUnsafeBytes { Data($0) })
  }

  /// A scalar of f32.
  public init(scalar value: Float) { self.init([value], shape: []) }

  /// The elements as f32, whatever their type; integers beyond 2^24 are rounded.
  public var floats: [Float] {
    bytes.withUnsafeBytes { raw in
      switch elementType {
      case .float32: Self.load(raw, count, Float.self) { $0 }
      case .float64: Self.load(raw, count, Double.self) { Float($0) }
      case .float16: Self.load(raw, count, UInt16.self) { Self.float(half: $0) }
      case .bfloat16: Self.load(raw, count, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
      case .int8: Self.load(raw, count, Int8.self) { Float($0) }
      case .int16: Self.load(raw, count, Int16.self) { Float($0) }
      case .int32: Self.load(raw, count, Int32.self) { Float($0) }
      case .int64: Self.load(raw, count, Int64.self) { Float($0) }
      case .uint8, .bool: Self.load(raw, count, UInt8.self) { Float($0) }
      case .uint16: Self.load(raw, count, UInt16.self) { Float($0) }
      case .uint32: Self.load(raw, count, UInt32.self) { Float($0) }
      case .uint64: Self.load(raw, count, UInt64.self) { Float($0) }
      }
    }
  }

  /// The elements as integers; nil where they are floating point or do not fit.
  public var integers: [Int]? {
    bytes.withUnsafeBytes { raw in
      switch elementType {
      case .int8: return Self.load(raw, count, Int8.self) { Int($0) }
      case .int16: return Self.load(raw, count, Int16.self) { Int($0) }
      case .int32: return Self.load(raw, count, Int32.self) { Int($0) }
      case .int64: return Self.load(raw, count, Int64.self) { Int($0) }
      case .uint8, .bool: return Self.load(raw, count, UInt8.self) { Int($0) }
      case .uint16: return Self.load(raw, count, UInt16.self) { Int($0) }
      case .uint32: return Self.load(raw, count, UInt32.self) { Int($0) }
      case .uint64:
        let values = Self.load(raw, count, UInt64.self) { Int(exactly: $0) }
        return values.allSatisfy { $0 != nil } ? values.compactMap(\.self) : nil
      case .float32, .float64, .float16, .bfloat16: return nil
      }
    }
  }

  /// The same elements under other sizes.
  public func reshaped(_ shape: [Int]) -> Constant {
    Constant(shape: shape, elementType: elementType, bytes: bytes)
  }

  private static func load<Stored: BitwiseCopyable, Value>(
    _ raw: UnsafeRawBufferPointer, _ count: Int, _: Stored.Type, _ convert: (Stored) -> Value
  ) -> [Value] {
    (0..<count).map { index in
      convert(
        raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self))
    }
  }

  /// IEEE half precision; Float16 is absent on Intel Macs.
  private static func float(half bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Float(bits & 1023) / 1024
    switch exponent {
    case 0: return sign * fraction * 0x1p-14
    case 31: return bits & 1023 == 0 ? sign * .infinity : .nan
    default:
      return sign * (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}

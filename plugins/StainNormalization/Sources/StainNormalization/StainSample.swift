import TesseraPlugin

/// A sample as the kernels see it: on the scale 0...255.
protocol StainSample: Sample {
  /// Whether ``load(_:_:)`` already decodes.
  static var isDecodedByTable: Bool { get }
  /// The level of a sample, or what the table decodes it to.
  static func load(_ sample: Self, _ decoded: UnsafePointer<Float>) -> Float
  /// Limits levels to the range of the format and rounds them; the result is for ``sample(_:)``.
  static func store(_ levels: Vector, _ bias: Float) -> Vector
  /// The sample that a lane of what was stored stands for.
  static func sample(_ stored: Float) -> Self
  /// Whether a pixel has no color at all.
  static func isMissing(_ red: Self, _ green: Self, _ blue: Self) -> Bool
}

extension UInt8: StainSample {
  static var isDecodedByTable: Bool { true }

  @inline(__always)
  static func load(_ sample: UInt8, _ decoded: UnsafePointer<Float>) -> Float {
    decoded[Int(sample)]
  }

  @inline(__always)
  static func store(_ levels: Vector, _ bias: Float) -> Vector {
    (clamp(levels, 0, 255) + bias) + 0x1.8p23
  }

  @inline(__always)
  static func sample(_ stored: Float) -> UInt8 {
    UInt8(truncatingIfNeeded: stored.bitPattern)
  }

  @inline(__always)
  static func isMissing(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Bool { false }
}

extension UInt16: StainSample {
  static var isDecodedByTable: Bool { false }

  @inline(__always)
  static func load(_ sample: UInt16, _ decoded: UnsafePointer<Float>) -> Float {
    Float(sample) * (1 / 257)
  }

  @inline(__always)
  static func store(_ levels: Vector, _ bias: Float) -> Vector {
    (clamp(levels * 257, 0, 65535) + bias) + 0x1.8p23
  }

  @inline(__always)
  static func sample(_ stored: Float) -> UInt16 {
    UInt16(truncatingIfNeeded: stored.bitPattern)
  }

  @inline(__always)
  static func isMissing(_ red: UInt16, _ green: UInt16, _ blue: UInt16) -> Bool { false }
}

extension Float: StainSample {
  static var isDecodedByTable: Bool { false }

  @inline(__always)
  static func load(_ sample: Float, _ decoded: UnsafePointer<Float>) -> Float {
    // Not above 1, and not NaN: the comparison is false for it.
    sample > 0 ? (sample < 1 ? sample * 255 : 255) : 0
  }

  @inline(__always)
  static func store(_ levels: Vector, _ bias: Float) -> Vector {
    clamp(levels * (1 / 255), 0, 1)
  }

  @inline(__always)
  static func sample(_ stored: Float) -> Float { stored }

  @inline(__always)
  static func isMissing(_ red: Float, _ green: Float, _ blue: Float) -> Bool {
    red.isNaN || green.isNaN || blue.isNaN
  }
}

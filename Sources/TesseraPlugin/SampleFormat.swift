/// The storage format of one sample of one channel.
public enum SampleFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// Unsigned 8 bits, 0...255.
  case uint8
  /// Unsigned 16 bits, 0...65535.
  case uint16
  /// IEEE single precision: 0...1 for color, physical units otherwise.
  case float32

  /// The size of a sample in bytes.
  @inlinable public var bytes: Int {
    switch self {
    case .uint8: 1
    case .uint16: 2
    case .float32: 4
    }
  }

  /// The value that stands for full intensity of a color channel.
  public var white: Float {
    switch self {
    case .uint8: 255
    case .uint16: 65535
    case .float32: 1
    }
  }
}

/// A Swift type that a ``Tile`` can hold.
public protocol Sample: BitwiseCopyable, Sendable {
  /// The format in which a tile stores this type.
  static var sampleFormat: SampleFormat { get }

  /// Creates the nearest sample to an intensity: integers are limited to black and white, and NaN
  /// becomes black.
  init(intensity: Float)

  /// The intensity, 0 for black and 1 for white; a float sample is its own intensity.
  var intensity: Float { get }
}

extension UInt8: Sample {
  /// Unsigned 8 bits.
  @inlinable public static var sampleFormat: SampleFormat { .uint8 }

  /// Creates the nearest of 256 levels.
  @inlinable public init(intensity: Float) {
    self.init(saturating: intensity * 255)
  }

  /// The level divided by 255.
  @inlinable public var intensity: Float { Float(self) / 255 }
}

extension UInt16: Sample {
  /// Unsigned 16 bits.
  @inlinable public static var sampleFormat: SampleFormat { .uint16 }

  /// Creates the nearest of 65536 levels.
  @inlinable public init(intensity: Float) {
    self.init(saturating: intensity * 65535)
  }

  /// The level divided by 65535.
  @inlinable public var intensity: Float { Float(self) / 65535 }
}

extension Float: Sample {
  /// Single precision.
  @inlinable public static var sampleFormat: SampleFormat { .float32 }

  /// The value itself.
  @inlinable public init(intensity: Float) { self = intensity }

  /// The value itself.
  @inlinable public var intensity: Float { self }
}

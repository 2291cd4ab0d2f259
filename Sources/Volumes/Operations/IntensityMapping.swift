/// A line that samples are mapped along: `sample * scale + offset`.
public struct IntensityMapping: Sendable, Hashable, Codable {
  /// What samples are multiplied by.
  public var scale: Double
  /// What is added then.
  public var offset: Double

  /// Makes a mapping.
  public init(scale: Double, offset: Double) {
    self.scale = scale
    self.offset = offset
  }

  /// The mapping that takes `zero` to 0 and `one` to 1.
  init(zero: Double, one: Double) {
    scale = 1 / (one - zero)
    offset = -zero / (one - zero)
  }

  /// What leads back.
  public var inverse: IntensityMapping {
    IntensityMapping(scale: 1 / scale, offset: -offset / scale)
  }

  /// Maps a sample.
  public func callAsFunction(_ sample: Float) -> Float { Float(Double(sample) * scale + offset) }

  /// Maps all samples of a volume.
  public func applied(to volume: Volume) -> Volume {
    var result = volume
    result.samples.withUnsafeMutableBufferPointer { samples in
      for index in samples.indices { samples[index] = self(samples[index]) }
    }
    result.storedAs = .float32
    return result
  }
}

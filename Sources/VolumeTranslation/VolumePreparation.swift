import Base
public import TesseraPlugin
public import Translation
public import Volumes

/// A volume made ready for a network: turned, resampled, and with comparable samples.
public struct VolumePreparation: Sendable {
  /// The samples as the network takes them, on the grid that it was trained on, in LPS.
  public let volume: Volume
  /// Where the body is; nil where it is not told from air.
  public let mask: VolumeMask?

  /// Prepares `source`; `removesShading` runs N4.
  ///
  /// - Throws: Where nothing can be normalized, as in an empty volume.
  public init(
    _ source: Volume, as format: SliceFormat, removesShading: Bool = false
  ) throws(TesseraError) {
    var volume = source.oriented(as: SliceFormat.Plane.axial.orientation)
    if let spacing = format.spacing {
      let wanted = SIMD3(spacing[0], spacing[1], spacing[2])
      let difference = wanted - volume.geometry.spacing
      if (0..<3).contains(where: { abs(difference[$0]) > 1e-3 * wanted[$0] }) {
        let outside = volume.samples.min() ?? 0
        volume = try volume.respaced(to: wanted, outside: outside)
      }
    }
    mask = format.mask ? try volume.bodyMask() : nil
    if removesShading {
      let measured: VolumeMask
      if let mask { measured = mask } else { measured = try volume.bodyMask() }
      volume = try volume.biasCorrected(in: measured)
    }
    if let normalization = IntensityNormalization(format.normalization) {
      volume = try normalization.applied(to: volume, in: mask)
    }
    self.volume = volume
  }
}

extension IntensityNormalization {
  /// The one that a package names; nil for none.
  init?(_ described: SliceFormat.Normalization) {
    switch described.kind {
    case .percentile: self = .percentile(low: described.low ?? 0, high: described.high ?? 100)
    case .zScore: self = .zScore
    case .none: return nil
    }
  }
}

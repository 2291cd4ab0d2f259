import Base
internal import CITK
import TesseraPlugin

extension Volume {
  /// What lies at the places of another grid; `outside` where this one does not reach.
  ///
  /// Samples reach half their spacing beyond the outermost ones. Nothing is smoothed for a coarser grid.
  ///
  /// - Throws: Where there is no memory for it.
  public func resampled(
    onto grid: VolumeGeometry, interpolation: Interpolation = .linear, outside: Float
  ) throws(TesseraError) -> Volume {
    guard grid.isHeld else {
      let millimeters = (0..<3).map { "\(grid.spacing[$0])" }.joined(separator: " x ")
      throw TesseraError(
        name, "resampling",
        "at \(millimeters) mm it does not fit into this machine's memory; is its own spacing right,"
          + " and in mm?")
    }
    var result = self
    result.geometry = grid
    result.samples = try Self.filled(grid.count, "resampling", name) { target, reason in
      samples.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress else { return false }
        return ci_resample(
          geometry.grid, source, grid.grid, interpolation.code, outside, target, &reason)
      }
    }
    return result
  }

  /// Resampled to another spacing in mm, over the same space.
  ///
  /// - Throws: Where there is no memory for it.
  public func respaced(
    to spacing: SIMD3<Double>, interpolation: Interpolation = .linear, outside: Float
  ) throws(TesseraError) -> Volume {
    try resampled(
      onto: geometry.respaced(to: spacing), interpolation: interpolation, outside: outside)
  }

  /// An array that the library fills; throws its reason where it does not.
  static func filled<Element>(
    _ count: Int, _ action: String, _ name: String,
    _ body: (UnsafeMutablePointer<Element>, inout UnsafeMutablePointer<CChar>?) -> Bool
  ) throws(TesseraError) -> [Element] {
    var reason: UnsafeMutablePointer<CChar>?
    var isFilled = false
    let array = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      isFilled = body(start, &reason)
      initialized = isFilled ? count : 0
    }
    guard isFilled else { throw TesseraError(name, action, HeaderFile.take(reason)) }
    return array
  }
}

extension VolumeGeometry {
  var grid: ci_grid {
    ci_grid(
      size: (Int64(size.x), Int64(size.y), Int64(size.z)),
      spacing: (spacing.x, spacing.y, spacing.z), origin: (origin.x, origin.y, origin.z),
      direction: (
        axes[0].x, axes[0].y, axes[0].z, axes[1].x, axes[1].y, axes[1].z, axes[2].x, axes[2].y,
        axes[2].z
      ))
  }

  /// A grid of another spacing in mm, with the same middle and axes.
  ///
  /// It covers the same space, from outer face to outer face, and less than a sample more where the space
  /// is no multiple of the spacing.
  public func respaced(to spacing: SIMD3<Double>) -> VolumeGeometry {
    precondition((0..<3).allSatisfy { spacing[$0] > 0 && spacing[$0].isFinite }, "\(spacing) mm")
    guard spacing != self.spacing else { return self }
    var result = self
    result.spacing = spacing
    var first = SIMD3<Double>(repeating: 0)
    for axis in 0..<3 where spacing[axis] != self.spacing[axis] {
      let extent = Double(size[axis]) * self.spacing[axis]
      // Rounding of the spacing adds no sample.
      let count = max(1, Int(saturating: (extent / spacing[axis] - 1e-4).rounded(.up)))
      result.size[axis] = count
      let steps = (extent - self.spacing[axis]) - Double(count - 1) * spacing[axis]
      first[axis] = steps / 2 / self.spacing[axis]
    }
    result.origin = place(first)
    return result
  }
}

import Base
internal import CITK

/// Which places of a volume count, such as those of the body.
public struct VolumeMask: Sendable {
  /// Where the places lie.
  public let geometry: VolumeGeometry
  /// One a place, the first axis fastest.
  public let inside: [Bool]
  /// Places inside.
  public let count: Int
  /// What to call it in messages: the volume it was made of.
  public let name: String

  /// Makes a mask; `inside` has as many entries as the geometry has places.
  public init(geometry: VolumeGeometry, inside: [Bool], name: String = "mask") {
    precondition(inside.count == geometry.count, "\(inside.count) places for \(geometry.size)")
    self.geometry = geometry
    self.inside = inside
    self.name = name
    count = inside.count(where: \.self)
  }

  /// The mask on another grid, by the nearest place; what its own does not reach is not inside.
  ///
  /// - Throws: Where there is no memory for it.
  public func resampled(onto grid: VolumeGeometry) throws(TesseraError) -> VolumeMask {
    guard grid != geometry else { return self }
    return try made(on: grid, "resampling the mask") { source, target, reason in
      ci_resample_mask(geometry.grid, source, grid.grid, target, &reason)
    }
  }

  /// The mask and all that lies at most so many mm from it.
  ///
  /// - Throws: Where there is no memory for it.
  public func dilated(millimeters: Double) throws(TesseraError) -> VolumeMask {
    precondition(millimeters >= 0 && millimeters.isFinite, "\(millimeters) mm")
    // Nothing is near an empty mask.
    guard millimeters > 0, count > 0 else { return self }
    return try made(on: geometry, "dilating the mask") { source, target, reason in
      ci_dilate(geometry.grid, source, millimeters, target, &reason)
    }
  }

  private func made(
    on grid: VolumeGeometry, _ action: String,
    _ body: (
      UnsafePointer<Bool>, UnsafeMutablePointer<Bool>, inout UnsafeMutablePointer<CChar>?
    ) -> Bool
  ) throws(TesseraError) -> VolumeMask {
    let places: [Bool] = try Volume.filled(grid.count, action, name) { target, reason in
      inside.withUnsafeBufferPointer { source in
        source.baseAddress.map { body($0, target, &reason) } ?? false
      }
    }
    return VolumeMask(geometry: grid, inside: places, name: name)
  }
}

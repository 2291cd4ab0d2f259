import Base
import TesseraPlugin
import Translation
import Volumes

/// Brings a network's result back onto the grid of its source.
struct VolumeCompletion {
  let format: SliceFormat

  /// The result on the grid of `source`: within the range, and air where there is no body.
  func complete(
    _ result: Volume, mask: VolumeMask?, as source: Volume
  ) throws(TesseraError) -> Volume {
    let geometry = source.geometry
    let outside = format.outside ?? format.range?[0] ?? 0
    let isOnGrid = result.geometry.oriented(as: geometry.orientation).matches(
      geometry, tolerance: 1e-6)
    var complete =
      isOnGrid
      ? result.oriented(as: geometry.orientation)
      : try result.resampled(onto: geometry, outside: outside)
    let inside = try mask?.resampled(onto: geometry).inside
    let (low, high) = (format.range?[0] ?? -.infinity, format.range?[1] ?? .infinity)
    for index in complete.samples.indices {
      let value = complete.samples[index]
      let isBody = inside.map { $0[index] } ?? true
      complete.samples[index] = isBody ? min(max(value, low), high) : outside
    }
    // To the last bit, whatever turning and resampling rounded.
    complete.geometry = geometry
    complete.sources = source.sources
    complete.modality = format.targetModality
    complete.storedAs = format.targetModality == "CT" ? .int16 : .float32
    return complete
  }
}

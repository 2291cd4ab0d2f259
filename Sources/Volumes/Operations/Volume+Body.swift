import Base
internal import CITK

extension Volume {
  /// The body without the air around it, skull and what it encloses included.
  ///
  /// The lower of Otsu's two thresholds, below the 99.5th percentile; what is surrounded in a slice of any
  /// axis is filled, bridges thinner than 1 mm break, the largest part stays, gaps under 3 mm close.
  /// Empty where all samples are the same.
  ///
  /// - Throws: Where there is no memory for it.
  public func bodyMask() throws(TesseraError) -> VolumeMask {
    let statistics = OrderStatistics(samples, inside: nil)
    guard let low = statistics.percentile(0), let high = statistics.percentile(99.5),
      // Little that is bright lies in much air.
      let top = high > low ? high : statistics.percentile(100), top > low
    else {
      return VolumeMask(
        geometry: geometry, inside: [Bool](repeating: false, count: geometry.count), name: name)
    }
    let inside: [Bool] = try Self.filled(geometry.count, "finding the body", name) {
      target, reason in
      samples.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress else { return false }
        return ci_body_mask(
          geometry.grid, source, Float(low), Float(top), target, &reason)
      }
    }
    return VolumeMask(geometry: geometry, inside: inside, name: name)
  }

  /// Without the smooth shading that coils leave in MRI, as N4 finds it in the mask.
  ///
  /// ITK's N4 with its defaults, on every fourth sample (Tustison et al. 2010). Samples are divided by the
  /// field everywhere, also outside of the mask.
  ///
  /// - Throws: Where the mask is empty or too small to fit anything.
  public func biasCorrected(in mask: VolumeMask) throws(TesseraError) -> Volume {
    let action = "correcting the bias field"
    precondition(mask.geometry.size == geometry.size, "a mask of another grid")
    guard mask.count > 0 else {
      throw TesseraError(name, action, "no body was found in it; give a mask that is not empty")
    }
    var result = self
    result.samples = try Self.filled(geometry.count, action, name) { target, reason in
      samples.withUnsafeBufferPointer { source in
        mask.inside.withUnsafeBufferPointer { inside in
          guard let source = source.baseAddress, let inside = inside.baseAddress else {
            return false
          }
          return ci_correct_bias(geometry.grid, source, inside, 4, target, &reason)
        }
      }
    }
    guard result.samples.contains(where: \.isFinite) else {
      throw TesseraError(name, action, "N4 finds no field; is it MRI with values above 0?")
    }
    return result
  }
}

extension Volume {
  /// The same samples, with axes that point as near as they can to `code`, as nibabel says it: "LPS".
  ///
  /// Axes are exchanged and turned round; nothing is interpolated.
  public func oriented(as code: String) -> Volume {
    let order = geometry.order(as: code)
    guard !order.isIdentity else { return self }
    var result = self
    result.geometry = geometry.oriented(as: code)
    let size = result.geometry.size
    let strides = [1, geometry.size.x, geometry.size.x * geometry.size.y]
    let steps = (0..<3).map {
      order.isReversed[$0] ? -strides[order.sources[$0]] : strides[order.sources[$0]]
    }
    let start = (0..<3).reduce(0) { $0 - (steps[$1] < 0 ? steps[$1] * (size[$1] - 1) : 0) }
    result.samples = [Float](unsafeUninitializedCapacity: samples.count) { target, count in
      samples.withUnsafeBufferPointer { source in
        for z in 0..<size.z {
          for y in 0..<size.y {
            var from = start + z * steps[2] + y * steps[1]
            for _ in 0..<size.x {
              target[count] = source[from]
              count += 1
              from += steps[0]
            }
          }
        }
      }
    }
    return result
  }
}

extension VolumeGeometry {
  /// The same places, with axes that point as near as they can to `code`, as nibabel says it: "LPS".
  public func oriented(as code: String) -> VolumeGeometry {
    let order = order(as: code)
    var result = self
    var first = SIMD3<Double>(repeating: 0)
    for axis in 0..<3 {
      let source = order.sources[axis]
      result.size[axis] = size[source]
      result.spacing[axis] = spacing[source]
      result.axes[axis] = order.isReversed[axis] ? -axes[source] : axes[source]
      if order.isReversed[axis] { first[source] = Double(size[source] - 1) }
    }
    if first != SIMD3(repeating: 0) { result.origin = place(first) }
    return result
  }

  func order(as code: String) -> AxisOrder {
    guard let order = AxisOrder(from: self, to: code) else {
      preconditionFailure("'\(code)' names no three directions, as \"LPS\" does")
    }
    return order
  }
}

import Foundation

/// Where the samples of a volume lie in the patient.
///
/// Coordinates are LPS in mm: x grows to the patient's left, y to the back, z to the head. DICOM and
/// ITK count so; NIfTI files hold RAS, whose first two axes have the opposite sign.
public struct VolumeGeometry: Sendable, Hashable {
  /// Samples along each axis.
  public var size: SIMD3<Int>
  /// Distance between samples along each axis, in mm.
  public var spacing: SIMD3<Double>
  /// Place of the first sample.
  public var origin: SIMD3<Double>
  /// Where each axis of the volume points; unit vectors.
  public var axes: [SIMD3<Double>]

  /// Makes a geometry; `axes` are three unit vectors, by default those of LPS.
  public init(
    size: SIMD3<Int>, spacing: SIMD3<Double> = SIMD3(repeating: 1),
    origin: SIMD3<Double> = SIMD3(repeating: 0),
    axes: [SIMD3<Double>] = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
  ) {
    precondition(axes.count == 3, "\(axes.count) axes")
    self.size = size
    self.spacing = spacing
    self.origin = origin
    self.axes = axes
  }

  /// Samples in all.
  public var count: Int { size.x * size.y * size.z }

  /// Whether this machine can hold samples on it, and what is computed of them.
  var isHeld: Bool {
    let count = Double(size.x) * Double(size.y) * Double(size.z)
    return 16 * count < Double(ProcessInfo.processInfo.physicalMemory)
  }

  /// The place of a sample, which may lie between others.
  public func place(_ index: SIMD3<Double>) -> SIMD3<Double> {
    let steps = index * spacing
    return origin + axes[0] * steps.x + axes[1] * steps.y + axes[2] * steps.z
  }

  /// Towards what each axis points, as nibabel says it: "RAS", "LPS".
  public var orientation: String {
    let letters = [("L", "R"), ("P", "A"), ("S", "I")]
    // Each direction of the patient belongs to the axis that is closest to it.
    var codes = ["", "", ""]
    var free = Set(0..<3)
    for axis in (0..<3).sorted(by: { steepness($0) > steepness($1) }) {
      let along = free.max { abs(axes[axis][$0]) < abs(axes[axis][$1]) } ?? axis
      free.remove(along)
      codes[axis] = axes[axis][along] >= 0 ? letters[along].0 : letters[along].1
    }
    return codes.joined()
  }

  private func steepness(_ axis: Int) -> Double {
    (0..<3).reduce(0) { max($0, abs(axes[axis][$1])) }
  }

  /// The largest angle between an axis and the patient's direction closest to it, in degrees.
  public var obliquity: Double {
    let minimum = (0..<3).map(steepness).min() ?? 1
    return minimum >= 1 ? 0 : degrees(acosine(minimum))
  }

  /// Whether two geometries agree to `tolerance` mm, at the corners as well.
  public func matches(_ other: VolumeGeometry, tolerance: Double = 1e-6) -> Bool {
    guard size == other.size else { return false }
    let last = SIMD3<Double>(size &- 1)
    let corners: [SIMD3<Double>] = [
      SIMD3(0, 0, 0), SIMD3(last.x, 0, 0), SIMD3(0, last.y, 0), SIMD3(0, 0, last.z),
    ]
    return corners.allSatisfy { corner in
      let difference = place(corner) - other.place(corner)
      return (0..<3).allSatisfy { abs(difference[$0]) <= tolerance }
    }
  }
}

extension SIMD3<Double> {
  func dot(_ other: SIMD3<Double>) -> Double { (self * other).sum() }

  var length: Double { dot(self).squareRoot() }

  func cross(_ other: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(
      y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }
}

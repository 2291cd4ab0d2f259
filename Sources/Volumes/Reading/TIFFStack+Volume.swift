import Base
internal import CTIFF

extension TIFFStack {
  /// The volume, described.
  ///
  /// - Throws: Where this machine cannot hold it.
  func volume() throws(TesseraError) -> VolumeFile {
    if let broken = description.broken {
      throw Self.fail(path, "its description says \(broken); correct it")
    }
    var remarks: [String] = []
    let geometry = geometry(&remarks)
    try VolumeFile.check(geometry, path)
    return VolumeFile(
      path: path, format: .tiff, geometry: geometry, storedAs: first.type ?? .uint8, modality: nil,
      remarks: remarks, files: files)
  }

  private func geometry(_ remarks: inout [String]) -> VolumeGeometry {
    var geometry = VolumeGeometry(size: SIMD3(first.width, first.height, slices))
    if let size = pixelSize(&remarks) { (geometry.spacing.x, geometry.spacing.y) = size }
    if let distance = description.distance {
      geometry.spacing.z = distance
    } else {
      remarks.append("the distance of its slices is not said; taken as 1 mm")
    }
    guard let origin = description.numbers("lps_origin", count: 3),
      let axes = description.numbers("lps_axes", count: 9)
    else {
      remarks.append("how it lies in the patient is not said; its axes are taken as LPS")
      return geometry
    }
    geometry.origin = SIMD3(origin[0], origin[1], origin[2])
    geometry.axes = [0, 3, 6].map { SIMD3(axes[$0], axes[$0 + 1], axes[$0 + 2]) }
    // The resolution of pages is a fraction that is near to it.
    if let exact = description.numbers("lps_spacing", count: 3) {
      for axis in 0..<3 where abs(exact[axis] / geometry.spacing[axis] - 1) < 1e-5 {
        geometry.spacing[axis] = exact[axis]
      }
    }
    return geometry
  }

  /// mm between pixels; 1 where nothing says.
  private func pixelSize(_ remarks: inout [String]) -> (Double, Double)? {
    if let size = description.pixelSize { return size }
    if let resolution {
      if let unit = description.unit { return (unit / resolution.x, unit / resolution.y) }
      switch resolution.unit {
      case RESUNIT_INCH: return (25.4 / resolution.x, 25.4 / resolution.y)
      case RESUNIT_CENTIMETER: return (10 / resolution.x, 10 / resolution.y)
      default:
        // 1 means that nobody has said anything.
        if resolution.x != 1 || resolution.y != 1 {
          remarks.append("the unit of its resolution is not said; taken as pixels a mm")
          return (1 / resolution.x, 1 / resolution.y)
        }
      }
    }
    remarks.append("the size of its pixels is not said; taken as 1 mm")
    return nil
  }
}

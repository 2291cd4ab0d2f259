import Foundation
import TestSupport

@testable import Volumes

/// Python programs that are given volumes as `images` of SimpleITK or `arrays` of numpy (slices first),
/// and leave one as `result`.
enum SampleOracle {
  private struct Grid: Encodable {
    var size: [Int]
    var spacing, origin, axes: [Double]

    init(_ geometry: VolumeGeometry) {
      size = [geometry.size.x, geometry.size.y, geometry.size.z]
      spacing = geometry.spacing.all
      origin = geometry.origin.all
      axes = geometry.axes.flatMap(\.all)
    }
  }

  private static let start = """
    import sys, json, numpy as np
    grids, folder = json.loads(sys.argv[1]), sys.argv[2]
    arrays = [np.fromfile(f"{folder}/{i}", np.float32).reshape(g["size"][::-1])
      for i, g in enumerate(grids)]
    def image(array, grid):
      import SimpleITK
      image = SimpleITK.GetImageFromArray(array)
      image.SetSpacing(grid["spacing"]); image.SetOrigin(grid["origin"])
      image.SetDirection(np.array(grid["axes"]).reshape(3, 3).T.ravel().tolist())
      return image

    """

  private static let end = """

    np.ascontiguousarray(result, np.float32).tofile(f"{folder}/result")
    print(json.dumps(list(np.shape(result))))
    """

  /// The samples of `result`, in the order of a volume's.
  static func samples(_ program: String, _ volumes: Volume...) throws -> [Float] {
    let folder = try TemporaryDirectory()
    for (index, volume) in volumes.enumerated() {
      try volume.samples.withUnsafeBytes { Data($0) }.write(
        to: URL(filePath: folder.path("\(index)")))
    }
    let grids = try JSONEncoder().encode(volumes.map { Grid($0.geometry) })
    let _: [Int] = try VolumeOracle.run(
      start + program + end, String(decoding: grids, as: UTF8.self), folder.url.path)
    return try Data(contentsOf: URL(filePath: folder.path("result"))).withUnsafeBytes {
      Array($0.bindMemory(to: Float.self))
    }
  }
}

/// The largest difference between two arrays; infinite where they have different lengths.
func largestDifference(_ first: [Float], _ second: [Float]) -> Float {
  guard first.count == second.count else { return .infinity }
  return zip(first, second).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// A volume without symmetries whose samples differ in a smooth way, on an oblique grid.
func hills(
  _ geometry: VolumeGeometry = VolumeGeometry(
    size: SIMD3(23, 17, 11), spacing: SIMD3(0.9, 1.3, 2.1), origin: SIMD3(-31.5, 12.25, 70),
    axes: oblique)
) -> Volume {
  var volume = phantom(geometry)
  for z in 0..<geometry.size.z {
    for y in 0..<geometry.size.y {
      for x in 0..<geometry.size.x {
        let wave = sin(Double(x) * 0.4) + cos(Double(y) * 0.3 + 1) * Double(x + 2 * z) * 0.1
        volume[x, y, z] = Float(100 * wave + Double((x * 7 + y * 13 + z * 29) % 5))
      }
    }
  }
  return volume
}

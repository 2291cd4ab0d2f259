import Base
import Foundation
import TestSupport

@testable import Volumes

/// nibabel and pydicom, which read the same files in their own way.
enum VolumeOracle {
  static let python = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
    .flatMap { ExternalTool($0) }

  /// What a reader finds: sizes, the affine map from index to LPS, row by row, mean and extremes.
  struct Reading: Decodable {
    var size: [Int]
    var affine: [Double]
    var mean, least, greatest: Double
    var orientation: String
  }

  private static let program = """
    import sys, json, os, numpy as np
    path = sys.argv[1]
    if os.path.isdir(path):
      import pydicom
      slices = [pydicom.dcmread(os.path.join(path, n)) for n in os.listdir(path)]
      o = np.array(slices[0].ImageOrientationPatient, float)
      n = np.cross(o[:3], o[3:])
      slices.sort(key=lambda s: np.dot(n, np.array(s.ImagePositionPatient, float)))
      first, last = [np.array(s.ImagePositionPatient, float) for s in (slices[0], slices[-1])]
      rows, columns = [float(x) for x in slices[0].PixelSpacing]
      a = np.eye(4)
      a[:3, 0], a[:3, 1] = o[:3] * columns, o[3:] * rows
      a[:3, 2], a[:3, 3] = (last - first) / (len(slices) - 1), first
      data = np.stack([s.pixel_array * float(s.RescaleSlope) + float(s.RescaleIntercept)
        for s in slices]).transpose(2, 1, 0)
      codes = ""
    else:
      import nibabel
      image = nibabel.load(path)
      data = np.asanyarray(image.dataobj)
      a = np.diag([-1, -1, 1, 1]) @ image.affine
      codes = "".join(nibabel.aff2axcodes(image.affine))
    print(json.dumps({"size": data.shape, "affine": a[:3].ravel().tolist(), "mean": float(data.mean()),
      "least": float(data.min()), "greatest": float(data.max()), "orientation": codes}))
    """

  static func read(_ path: String) throws -> Reading {
    try run(program, path)
  }

  /// Runs a program of Python, which prints JSON.
  static func run<Result: Decodable>(_ program: String, _ arguments: String...) throws -> Result {
    guard let python else { throw CocoaError(.fileNoSuchFile) }
    let result = try python.run(["-c", program] + arguments)
    guard result.status == 0 else { throw TesseraError(python.path, "reading", result.errors) }
    return try JSONDecoder().decode(Result.self, from: Data(result.output.utf8))
  }
}

extension VolumeGeometry {
  /// The map from index to LPS, row by row.
  var affine: [Double] {
    (0..<3).flatMap { row in
      (0..<3).map { axes[$0][row] * spacing[$0] } + [origin[row]]
    }
  }
}

/// A volume that no turn or mirror maps onto itself: a value tells its place.
func phantom(
  _ geometry: VolumeGeometry = VolumeGeometry(
    size: SIMD3(5, 4, 3), spacing: SIMD3(0.75, 1.5, 2.5), origin: SIMD3(-12.5, 20.25, -7))
) -> Volume {
  var volume = Volume(
    geometry: geometry, samples: [Float](repeating: 0, count: geometry.count), storedAs: .int16)
  for z in 0..<geometry.size.z {
    for y in 0..<geometry.size.y {
      for x in 0..<geometry.size.x { volume[x, y, z] = Float(x + 10 * y + 100 * z - 150) }
    }
  }
  return volume
}

/// A turn about an axis that lies along none of the patient's.
let oblique: [SIMD3<Double>] = {
  let (c, s) = (0.8, 0.6)
  return [SIMD3(c, s, 0), SIMD3(-s * c, c * c, s), SIMD3(s * s, -c * s, c)]
}()

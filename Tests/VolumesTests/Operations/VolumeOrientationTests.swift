import Foundation
import TestSupport
import Testing

@testable import Volumes

/// All ways in which axes can point.
private let codes = [["L", "R"], ["P", "A"], ["S", "I"]].permutations.flatMap { axes in
  (0..<8).map { turn in (0..<3).map { axes[$0][turn >> $0 & 1] }.joined() }
}

struct VolumeOrientationTests {
  @Test(arguments: [false, true])
  func `every sample keeps its place whatever the axes`(isOblique: Bool) {
    var geometry = phantom().geometry
    if isOblique { geometry.axes = oblique }
    let volume = phantom(geometry)
    #expect(codes.count == 48)
    for code in codes {
      let turned = volume.oriented(as: code)
      #expect(turned.geometry.orientation == code)
      #expect(turned.geometry == geometry.oriented(as: code))
      let order = geometry.order(as: code)
      var isKept = true
      for z in 0..<turned.geometry.size.z {
        for y in 0..<turned.geometry.size.y {
          for x in 0..<turned.geometry.size.x {
            let place = SIMD3(x, y, z)
            var source = SIMD3(0, 0, 0)
            for axis in 0..<3 {
              let along = order.sources[axis]
              source[along] =
                order.isReversed[axis] ? geometry.size[along] - 1 - place[axis] : place[axis]
            }
            let distance =
              turned.geometry.place(SIMD3<Double>(place)) - geometry.place(SIMD3<Double>(source))
            isKept =
              isKept && distance.length < 1e-12
              && turned[x, y, z] == volume[source.x, source.y, source.z]
          }
        }
      }
      #expect(isKept, "\(code)")
    }
  }

  @Test(arguments: [false, true])
  func `turned and turned back it is the same file`(isOblique: Bool) throws {
    var geometry = phantom().geometry
    if isOblique { geometry.axes = oblique }
    let volume = phantom(geometry)
    let directory = try TemporaryDirectory()
    func bytes(_ volume: Volume, _ name: String) throws -> Data {
      try VolumeWriter.write(volume, to: directory.path(name), as: .int16)
      return try Data(contentsOf: URL(filePath: directory.path(name)))
    }
    let original = try bytes(volume, "original.nii")
    for code in codes {
      let back = volume.oriented(as: code).oriented(as: geometry.orientation)
      let isEqual = back.samples == volume.samples
      #expect(isEqual)
      #expect(back.geometry.matches(geometry, tolerance: 1e-13))
      if !isOblique { #expect(back.geometry == geometry) }
      let isSame = try bytes(back, "back.nii") == original
      #expect(isSame, "\(code)")
    }
  }

  @Test(
    .enabled(if: VolumeOracle.python != nil, "needs TESSERA_ORACLE_PYTHON"),
    arguments: ["RAS", "SPL", "AIR"])
  func `nibabel turns axes the same way`(code: String) throws {
    var geometry = hills().geometry
    geometry.axes = [oblique[2], -oblique[0], oblique[1]]
    let found = hills(geometry).oriented(as: code)
    let expected = try SampleOracle.samples(
      """
      import nibabel
      g = grids[0]
      affine = np.eye(4)
      affine[:3, :3] = (np.array(g["axes"]).reshape(3, 3) * np.array(g["spacing"])[:, None]).T
      affine[:3, 3] = g["origin"]
      affine = np.diag([-1, -1, 1, 1]) @ affine
      own = nibabel.orientations.io_orientation(affine)
      turn = nibabel.orientations.ornt_transform(own, nibabel.orientations.axcodes2ornt("\(code)"))
      array = arrays[0].transpose(2, 1, 0)
      moved = affine @ nibabel.orientations.inv_ornt_aff(turn, array.shape)
      moved = np.diag([-1, -1, 1, 1]) @ moved
      array = nibabel.orientations.apply_orientation(array, turn)
      result = np.concatenate([moved[:3].ravel(), array.transpose(2, 1, 0).ravel()])
      """, hills(geometry))
    let isSame = Array(expected.dropFirst(12)) == found.samples
    #expect(isSame)
    #expect(
      largestDifference(Array(expected.prefix(12)), found.geometry.affine.map { Float($0) }) < 1e-4)
  }
}

extension Array {
  /// All orders of three elements.
  fileprivate var permutations: [[Element]] {
    [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].map { $0.map { self[$0] } }
  }
}

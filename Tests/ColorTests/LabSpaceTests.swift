import Base
import Testing

@testable import Color

struct LabSpaceTests {
  /// What `skimage.color.rgb2lab` gives.
  @Test(arguments: [
    (SIMD3(255.0, 255, 255), SIMD3(100.0, -0.00245, 0.00465)), (SIMD3(0, 0, 0), SIMD3(0, 0, 0)),
    (SIMD3(255, 0, 0), SIMD3(53.24059, 80.09231, 67.20275)),
    (SIMD3(0, 0, 255), SIMD3(32.29567, 79.18558, -107.85730)),
  ])
  func `Lab is that of scikit-image`(color: SIMD3<Double>, expected: SIMD3<Double>) {
    let light = (color / 255).map { LabSpace.light($0) }
    #expect((LabSpace.standard.lab(light: light) - expected).length < 1e-4)
  }

  @Test func `from light to XYZ and back is where it began`() {
    var random = SeededNumbers(state: 4)
    for space in [LabSpace.standard, .openCV] {
      let light = SIMD3(random.unit(), random.unit(), random.unit())
      let xyz = SIMD3(
        space.toXYZ[0].dot(light), space.toXYZ[1].dot(light), space.toXYZ[2].dot(light))
      let back = SIMD3(
        space.toRGB[0].dot(xyz), space.toRGB[1].dot(xyz), space.toRGB[2].dot(xyz))
      #expect((back - light).length < 1e-5)
    }
  }
}

import Testing

@testable import Volumes

struct VolumeGeometryTests {
  @Test func `axes are named by where they point`() {
    #expect(VolumeGeometry(size: SIMD3(2, 2, 2)).orientation == "LPS")
    let turned = VolumeGeometry(
      size: SIMD3(2, 2, 2), axes: [SIMD3(0, 0, -1), SIMD3(-1, 0, 0), SIMD3(0, -1, 0)])
    #expect(turned.orientation == "IRA")
    #expect(VolumeGeometry(size: SIMD3(2, 2, 2), axes: oblique).orientation == "LPS")
  }

  @Test func `obliquity is the largest angle to the patient's axes`() {
    #expect(VolumeGeometry(size: SIMD3(2, 2, 2)).obliquity == 0)
    let turned = VolumeGeometry(size: SIMD3(2, 2, 2), axes: oblique)
    #expect(abs(turned.obliquity - degrees(acosine(0.64))) < 1e-9)
  }

  @Test func `geometries that differ at a far corner do not match`() {
    let geometry = VolumeGeometry(size: SIMD3(512, 512, 100))
    var other = geometry
    other.spacing.x += 1e-8
    #expect(!geometry.matches(other))
    other.spacing.x = 1 + 1e-10
    #expect(geometry.matches(other))
  }
}

import Foundation
import TestSupport
import Testing

@testable import Volumes

struct VolumeMaskTests {
  private func mask(_ geometry: VolumeGeometry, where isInside: (Int, Int, Int) -> Bool)
    -> VolumeMask
  {
    var inside: [Bool] = []
    for z in 0..<geometry.size.z {
      for y in 0..<geometry.size.y {
        for x in 0..<geometry.size.x { inside.append(isInside(x, y, z)) }
      }
    }
    return VolumeMask(geometry: geometry, inside: inside)
  }

  private func numbers(_ mask: VolumeMask) -> [Float] { mask.inside.map { $0 ? 1 : 0 } }

  @Test(.enabled(if: VolumeOracle.python != nil, "needs TESSERA_ORACLE_PYTHON"))
  func `it grows by mm, not by samples, as scipy measures them`() throws {
    let geometry = VolumeGeometry(
      size: SIMD3(30, 26, 14), spacing: SIMD3(0.8, 1, 2.5), axes: oblique)
    let mask = mask(geometry) { x, y, z in (x - 9) * (x - 9) + y * z < 120 && z > 4 && y > 8 }
    let found = try mask.dilated(millimeters: 3)
    let expected = try SampleOracle.samples(
      """
      from scipy import ndimage
      away = ndimage.distance_transform_edt(arrays[0] == 0, sampling=grids[0]["spacing"][::-1])
      result = away <= 3.000001
      """, Volume(geometry: geometry, samples: numbers(mask)))
    #expect(found.count > mask.count && found.count < geometry.count)
    let isSame = numbers(found) == expected
    #expect(isSame)
  }

  @Test func `an empty mask stays empty, a full one full`() throws {
    let geometry = phantom().geometry
    #expect(try mask(geometry) { _, _, _ in false }.dilated(millimeters: 5).count == 0)
    #expect(try mask(geometry) { _, _, _ in true }.dilated(millimeters: 5).count == geometry.count)
    #expect(try mask(geometry) { _, _, _ in true }.dilated(millimeters: 0).count == geometry.count)
  }

  @Test func `on another grid it is the nearest place, and nothing beyond its own`() throws {
    let geometry = VolumeGeometry(size: SIMD3(8, 6, 4), spacing: SIMD3(2, 2, 2), axes: oblique)
    let mask = mask(geometry) { x, _, z in x > 3 && z != 2 }
    let fine = try mask.resampled(onto: geometry.respaced(to: SIMD3(1, 1, 1)))
    #expect(fine.count == 8 * mask.count)
    let isBack = try fine.resampled(onto: geometry).inside == mask.inside
    #expect(isBack)
    var wider = geometry
    wider.size.x += 10
    let beyond = try mask.resampled(onto: wider)
    #expect(beyond.count == mask.count && beyond.geometry == wider)
  }
}

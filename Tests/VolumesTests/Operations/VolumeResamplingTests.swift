import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

struct VolumeResamplingTests {
  private let other = VolumeGeometry(
    size: SIMD3(19, 25, 14), spacing: SIMD3(1.1, 0.8, 1.7), origin: SIMD3(-30, 10, 65),
    axes: [SIMD3(0, 1, 0), SIMD3(0, 0, 1), SIMD3(1, 0, 0)])

  @Test(
    .enabled(if: VolumeOracle.python != nil, "needs TESSERA_ORACLE_PYTHON"),
    arguments: Interpolation.allCases)
  func `samples on another grid are those of SimpleITK`(interpolation: Interpolation) throws {
    let names: [Interpolation: String] = [
      .nearest: "NearestNeighbor", .linear: "Linear", .bSpline: "BSpline",
    ]
    let found = try hills().resampled(onto: other, interpolation: interpolation, outside: -7)
    let expected = try SampleOracle.samples(
      """
      import SimpleITK
      a, b = image(arrays[0], grids[0]), image(arrays[1], grids[1])
      result = SimpleITK.GetArrayFromImage(SimpleITK.Resample(a, b, SimpleITK.Transform(),
        SimpleITK.sitk\(names[interpolation] ?? ""), -7.0))
      """, hills(), phantom(other))
    #expect(found.geometry == other)
    #expect(found.samples.contains(-7) && found.samples.contains { $0 != -7 })
    #expect(largestDifference(found.samples, expected) < 1e-3)
  }

  @Test(arguments: [1e4, 1e9, 1e300])
  func `a spacing that makes more samples than the memory holds is refused`(spacing: Double) throws
  {
    var volume = phantom()
    volume.geometry.spacing = SIMD3(repeating: spacing)
    let error = #expect(throws: TesseraError.self) {
      try volume.respaced(to: SIMD3(repeating: 1), outside: 0)
    }
    #expect(error?.reason.contains("memory") == true)
  }

  @Test(arguments: Interpolation.allCases)
  func `a volume on its own grid stays as it is`(interpolation: Interpolation) throws {
    let volume = hills()
    let same = try volume.resampled(
      onto: volume.geometry, interpolation: interpolation, outside: .nan)
    #expect(largestDifference(same.samples, volume.samples) < 1e-3)
    #expect(same.geometry == volume.geometry && same.storedAs == volume.storedAs)
  }

  @Test(arguments: [SIMD3(0.5, 0.5, 0.5), SIMD3(3, 1.3, 2), SIMD3(100, 0.9, 2.1)])
  func `another spacing covers the same space and nothing beyond`(spacing: SIMD3<Double>) throws {
    let volume = hills()
    let respaced = try volume.respaced(to: spacing, outside: .nan)
    let (old, new) = (volume.geometry, respaced.geometry)
    #expect(new.spacing == spacing && new.axes == old.axes)
    let middles = [old, new].map { $0.place((SIMD3<Double>($0.size) - 1) / 2) }
    #expect((middles[0] - middles[1]).length < 1e-9)
    for axis in 0..<3 {
      let (before, after) = (
        Double(old.size[axis]) * old.spacing[axis], Double(new.size[axis]) * spacing[axis]
      )
      #expect(after > before - 1e-3 && after < before + spacing[axis])
    }
    let isWhole = respaced.samples.allSatisfy(\.isFinite)
    #expect(isWhole)
    let back = try respaced.resampled(onto: old, outside: .nan)
    #expect(back.geometry == old)
    let isWholeAgain = back.samples.allSatisfy(\.isFinite)
    #expect(isWholeAgain)
  }

  @Test func `outer faces stay where they are`() {
    let geometry = VolumeGeometry(
      size: SIMD3(160, 10, 4), spacing: SIMD3(0.9375, 1, 3), origin: SIMD3(5, -3, 2))
    let respaced = geometry.respaced(to: SIMD3(1, 0.5, 1))
    #expect(respaced.size == SIMD3(150, 20, 12))
    #expect(respaced.origin == SIMD3(5.03125, -3.25, 1))
    #expect(respaced.respaced(to: geometry.spacing) == geometry)
  }

  @Test func `a spacing that was rounded in a file adds no sample`() {
    var geometry = VolumeGeometry(size: SIMD3(512, 512, 300))
    geometry.spacing = SIMD3(repeating: Double(Float(1.2)))
    #expect(geometry.respaced(to: SIMD3(0.6, 0.6, 0.6)).size == SIMD3(1024, 1024, 600))
  }

  @Test(.enabled(if: SharedData.isPresent, "needs the shared data"))
  func `a head at half the spacing and back is nearly the same`() throws {
    let path = SharedData.path("mri_ct/templates/MNI152_T1_2mm.nii.gz")
    let head = try VolumeFile.open(path).read()
    let fine = try head.respaced(
      to: SIMD3(1, 1, 1), interpolation: .bSpline, outside: 0)
    #expect(fine.geometry.size == head.geometry.size &* 2 && fine.name == path)
    let back = try fine.resampled(onto: head.geometry, interpolation: .bSpline, outside: 0)
    #expect(back.geometry == head.geometry)
    let error = zip(back.samples, head.samples).reduce(0.0) { $0 + abs(Double($1.0 - $1.1)) }
    #expect(error / Double(head.samples.count) < 5)
  }
}

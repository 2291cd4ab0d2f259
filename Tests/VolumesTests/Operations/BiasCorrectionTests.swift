import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

struct BiasCorrectionTests {
  @Test(
    .tags(.slow), .whenSlow,
    .enabled(if: VolumeOracle.python != nil && SharedData.isPresent, "needs both"),
    arguments: ["templates/MNI152_T1_2mm.nii.gz", "volumes/brain1_image.nrrd"])
  func `shading is removed as by SimpleITK`(name: String) throws {
    var volume = try VolumeFile.open(SharedData.path("mri_ct/\(name)")).read()
    let mask = try volume.bodyMask()
    let size = volume.geometry.size
    for z in 0..<size.z {
      for y in 0..<size.y {
        for x in 0..<size.x {
          volume[x, y, z] *= Float(
            1 + 0.6 * Double(x) / Double(size.x) * Double(y) / Double(size.y))
        }
      }
    }
    let found = try volume.biasCorrected(in: mask)
    #expect(found.geometry == volume.geometry)
    let expected = try SampleOracle.samples(
      """
      import SimpleITK
      volume, body = image(arrays[0], grids[0]), image(arrays[1].astype(np.uint8), grids[1])
      corrector = SimpleITK.N4BiasFieldCorrectionImageFilter()
      corrector.Execute(SimpleITK.Shrink(volume, [4, 4, 4]), SimpleITK.Shrink(body, [4, 4, 4]))
      field = SimpleITK.Cast(corrector.GetLogBiasFieldAsImage(volume), SimpleITK.sitkFloat32)
      result = SimpleITK.GetArrayFromImage(volume / SimpleITK.Exp(field))
      """, volume,
      Volume(geometry: volume.geometry, samples: mask.inside.map { $0 ? 1 : 0 }))
    var (difference, total) = (0.0, 0.0)
    for (index, isInside) in mask.inside.enumerated() where isInside {
      difference += abs(Double(found.samples[index] - expected[index]))
      total += abs(Double(expected[index]))
    }
    #expect(difference / total < 1e-3, "\(difference / total)")
  }

  @Test(.enabled(if: SharedData.isPresent, "needs the shared data"))
  func `it is the same each time`() throws {
    let volume = try VolumeFile.open(
      SharedData.path("mri_ct/volumes/example_mr_sm.nii.gz")
    ).read()
    let mask = try volume.bodyMask()
    let first = try volume.biasCorrected(in: mask).samples
    let isSame = try volume.biasCorrected(in: mask).samples == first
    #expect(isSame)
  }

  @Test func `an empty mask and a body that is too small are told`() {
    let volume = hills()
    var inside = [Bool](repeating: false, count: volume.samples.count)
    let empty = #expect(throws: TesseraError.self) {
      try volume.biasCorrected(in: VolumeMask(geometry: volume.geometry, inside: inside))
    }
    #expect(empty?.reason.contains("no body") == true)
    inside[0] = true
    let small = #expect(throws: TesseraError.self) {
      try volume.biasCorrected(in: VolumeMask(geometry: volume.geometry, inside: inside))
    }
    #expect(small?.reason.contains("too small") == true)
  }
}

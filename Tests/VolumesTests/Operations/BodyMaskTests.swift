import Foundation
import TestSupport
import Testing

@testable import Volumes

struct BodyMaskTests {
  /// A head: scalp, dark bone, brain with dark ventricles, an air-filled sinus; a couch and noise around.
  private func head(_ spacing: SIMD3<Double>) -> (volume: Volume, isHead: [Bool]) {
    let geometry = VolumeGeometry(
      size: SIMD3<Int>(SIMD3(200, 240, 180) / spacing), spacing: spacing, axes: oblique)
    var volume = Volume(
      geometry: geometry, samples: [Float](repeating: 0, count: geometry.count), name: "head")
    var isHead: [Bool] = []
    var seed: UInt64 = 7
    var index = 0
    for z in 0..<geometry.size.z {
      for y in 0..<geometry.size.y {
        for x in 0..<geometry.size.x {
          let place = SIMD3(Double(x), Double(y), Double(z)) * spacing - SIMD3(95, 115, 80)
          let distance = (place / SIMD3(75, 92, 70)).length
          let (dx, dy) = (place.x - 12, place.y + 30)
          let value: Double =
            if distance > 1 {
              place.y > 105 && place.y < 109 ? 260 : 0
            } else if distance > 0.94 {
              700
            } else if distance > 0.86 {
              40
            } else if (dx * dx + dy * dy).squareRoot() < 9 && abs(place.z) < 25 {
              5
            } else {
              420 + place.x
            }
          seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          volume.samples[index] = Float(value + Double(seed >> 40) / Double(1 << 24) * 60)
          isHead.append(distance <= 1)
          index += 1
        }
      }
    }
    // A vessel far brighter than all else.
    for offset in 0..<20 { volume.samples[geometry.count / 2 + offset] = 30000 }
    return (volume, isHead)
  }

  private func dice(_ first: [Bool], _ second: [Bool]) -> Double {
    let both = zip(first, second).count { $0 && $1 }
    return 2 * Double(both) / Double(first.count(where: \.self) + second.count(where: \.self))
  }

  @Test(arguments: [SIMD3(2, 2, 2), SIMD3(1.5, 1.5, 5)])
  func `a head is found with skull and cavities, without couch and noise`(spacing: SIMD3<Double>)
    throws
  {
    let (volume, isHead) = head(spacing)
    let mask = try volume.bodyMask()
    #expect(mask.geometry == volume.geometry && mask.name == "head")
    #expect(dice(mask.inside, isHead) > 0.97)
  }

  @Test func `nothing is the body of a volume of one value, and samples may be no numbers`() throws
  {
    var volume = phantom()
    volume.samples = [Float](repeating: 3, count: volume.samples.count)
    #expect(try volume.bodyMask().count == 0)
    volume.samples = [Float](repeating: .nan, count: volume.samples.count)
    #expect(try volume.bodyMask().count == 0)
    var (head, isHead) = head(SIMD3(4, 4, 4))
    head.samples[5] = .nan
    head.samples[6] = .infinity
    #expect(dice(try head.bodyMask().inside, isHead) > 0.93)
  }

  @Test(
    .enabled(if: SharedData.isPresent, "needs the shared data"),
    arguments: [
      "templates/MNI152_T1_2mm.nii.gz", "volumes/example_mr_sm.nii.gz",
      "volumes/example_ct_sm.nii.gz", "volumes/brain1_image.nrrd",
    ])
  func `real bodies are found whole`(name: String) throws {
    let volume = try VolumeFile.open(SharedData.path("mri_ct/\(name)")).read()
    let mask = try volume.bodyMask()
    let size = volume.geometry.size
    #expect(mask.count > volume.samples.count * 2 / 5 && mask.count < volume.samples.count * 4 / 5)
    // The middle lies inside, most of the edges do not.
    #expect(mask.inside[((size.z / 2) * size.y + size.y / 2) * size.x + size.x / 2])
    let edges = (0..<size.z).flatMap { z in
      [(0, 0), (size.x - 1, 0), (0, size.y - 1), (size.x - 1, size.y - 1)].map {
        mask.inside[(z * size.y + $0.1) * size.x + $0.0]
      }
    }
    #expect(edges.count(where: \.self) * 10 < edges.count)
    // Nothing is surrounded in a slice of the middle.
    let slice = (0..<size.y).map { y in
      (0..<size.x).map { mask.inside[((size.z / 2) * size.y + y) * size.x + $0] }
    }
    let isConvex = slice.allSatisfy { row in
      zip(row, row.dropFirst()).count { $0 != $1 } <= 4
    }
    #expect(isConvex)
  }
}

import Base
import Foundation
import TestSupport
import Testing

@testable import Training

struct StainJitterTests {
  private func stained() -> Picture {
    let values = (0..<3).flatMap { channel in
      (0..<(40 * 40)).map { Float(StainedImage.value($0 % 40, $0 / 40, channel)) / 127.5 - 1 }
    }
    return Picture(channels: 3, height: 40, width: 40, values: values)
  }

  @Test func `none of it changes nothing and draws nothing`() {
    var (used, untouched) = (SeededNumbers(seed: 1, .noise), SeededNumbers(seed: 1, .noise))
    let picture = stained()
    let isSame = StainJitter(strength: 0).applied(to: picture, &used) == picture
    #expect(isSame)
    #expect(used.next() == untouched.next())
  }

  @Test func `a little leaves glass light and everything in range`() {
    let picture = stained()
    let white = Picture(
      channels: 3, height: 2, width: 2, values: [Float](repeating: 1, count: 12))
    let black = Picture(
      channels: 3, height: 2, width: 2, values: [Float](repeating: -1, count: 12))
    var changed = 0
    for seed in 0..<200 {
      var numbers = SeededNumbers(seed: UInt64(seed), .augmentation)
      let other = StainJitter(strength: 0.2).applied(to: picture, &numbers)
      #expect(other.values.allSatisfy { $0 >= -1 && $0 <= 1 })
      let largest = zip(other.values, picture.values).map { abs($0 - $1) }.max() ?? 0
      #expect(largest < 0.5)
      if largest > 0.02 { changed += 1 }
      let glass = StainJitter(strength: 0.2).applied(to: white, &numbers)
      #expect(glass.values.allSatisfy { $0 > 0.9 && $0 <= 1 })
      let dark = StainJitter(strength: 0.2).applied(to: black, &numbers)
      #expect(dark.values.allSatisfy { $0 >= -1 && $0 < -0.8 })
    }
    #expect(changed > 180)
  }

  @Test func `the change is linear in optical density, as the law of Beer and Lambert has it`() {
    // Twice the stain is twice the density, whatever the factors: pixel 1 has twice that of pixel 0.
    let stain = [0.65, 0.70, 0.29]
    func value(_ density: Double) -> Float { Float((exp(-density) * 256 - 1) / 255 * 2 - 1) }
    let values = stain.flatMap { [1.0, value(0.4 * $0), value(0.8 * $0)].map { Float($0) } }
    var numbers = SeededNumbers(seed: 8, .augmentation)
    let picture = Picture(channels: 3, height: 1, width: 3, values: values)
    let other = StainJitter(strength: 0.2).applied(to: picture, &numbers)
    for channel in 0..<3 {
      let densities = (1...2).map { pixel in
        -log((Double(other.values[channel * 3 + pixel]) + 1) / 2 * 255 / 256 + 1.0 / 256)
      }
      // The step from one to the other is the factor times the stain.
      let factor = (densities[1] - densities[0]) / (0.4 * stain[channel])
      #expect(factor > 0.8 && factor < 1.2)
    }
  }

  @Test(arguments: [1, 2, 4]) func `pictures of other channels stay`(channels: Int) {
    var numbers = SeededNumbers(seed: 1, .noise)
    let picture = Picture(
      channels: channels, height: 1, width: 2,
      values: [Float](repeating: 0.1, count: 2 * channels))
    #expect(StainJitter(strength: 0.5).applied(to: picture, &numbers) == picture)
  }
}

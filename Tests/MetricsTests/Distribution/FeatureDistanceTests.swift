import Base
import Foundation
import TestSupport
import Testing

@testable import Metrics

struct FeatureDistanceTests {
  private static func set(
    _ count: Int, length: Int = 24, seed: Int, scale: Double = 1, shift: Double = 0
  ) -> FeatureSet {
    var set = FeatureSet(length: length)
    for index in 0..<count {
      set.append(
        (0..<length).map {
          Float(TestPictures.number(index * length + $0, seed: seed) * scale + shift)
        })
    }
    return set
  }

  // Printed by the program in MetricsOracle; the second case has fewer images than features.
  @Test(
    .enabled(if: Lapack.shared != nil, "needs LAPACK"),
    arguments: [(40, 60, 4.507800276809711), (10, 10, 14.315111747902186)])
  func `stored features have the FID of SciPy`(case: (Int, Int, Double)) throws {
    let distance = try FrechetDistance.measure(
      Self.set(`case`.0, seed: 1), Self.set(`case`.1, seed: 2, scale: 1.3, shift: 0.2))
    #expect(abs(distance / `case`.2 - 1) < 1e-5, "\(distance)")
  }

  @Test func `stored features have the KID of clean-fid's formula`() throws {
    let figure = try KernelDistance().measure(
      Self.set(10, seed: 1), Self.set(10, seed: 2, scale: 1.3, shift: 0.2))
    #expect(abs(figure.mean / 0.03841954634260532 - 1) < 1e-5 && figure.deviation == 0)
  }

  @Test func `a set is at no distance from itself`() throws {
    let set = Self.set(50, seed: 3)
    if Lapack.shared != nil {
      #expect(try FrechetDistance.measure(set, set) < 1e-9)
    }
    // Without bias: as often below 0 as above.
    let (first, second) = (Self.set(300, seed: 4), Self.set(300, seed: 5))
    let chance = try KernelDistance().measure(first, second).mean
    #expect(abs(chance) < 0.01)
  }

  @Test func `subsets follow from the seed`() throws {
    let (first, second) = (Self.set(60, seed: 6), Self.set(40, seed: 7, shift: 0.3))
    var kernel = KernelDistance()
    kernel.maximumSubset = 25
    let figure = try kernel.measure(first, second)
    let again = try kernel.measure(first, second)
    #expect(again == figure && figure.deviation > 0)
    kernel.seed = 1
    let other = try kernel.measure(first, second)
    #expect(other != figure && abs(other.mean - figure.mean) < 4 * figure.deviation)
  }

  @Test func `one image is too few`() {
    let (one, many) = (Self.set(1, seed: 1), Self.set(9, seed: 2))
    #expect(throws: TesseraError.self) { try KernelDistance().measure(one, many) }
    #expect(throws: TesseraError.self) { try FrechetDistance.measure(one, many) }
  }

  @Test func `products without LAPACK are the same`() {
    let (a, b) = (Self.set(7, seed: 1), Self.set(5, seed: 2))
    let products = FeatureSet.products(a.values, b.values, length: 24)
    for i in 0..<7 {
      for j in 0..<5 {
        let sum = (0..<24).reduce(0.0) { $0 + a.values[i * 24 + $1] * b.values[j * 24 + $1] }
        #expect(abs(products[i * 5 + j] - sum) < 1e-12)
      }
    }
  }

  @Test(.enabled(if: Lapack.shared != nil, "needs LAPACK"))
  func `random features have the figures of SciPy`() throws {
    for (first, second) in [
      (Self.set(400, length: 64, seed: 11), Self.set(300, length: 64, seed: 12, scale: 1.5)),
      (Self.set(30, length: 200, seed: 13), Self.set(30, length: 200, seed: 14, shift: 0.1)),
    ] {
      let expected: [Double] = try MetricsOracle.run(
        MetricsOracle.features, [first.values, second.values], [first.length])
      let distance = try FrechetDistance.measure(first, second)
      #expect(abs(distance - expected[0]) < 1e-5 * max(1, expected[0]), "\(distance) \(expected)")
      guard first.count == second.count else { continue }
      let figure = try KernelDistance().measure(first, second)
      #expect(abs(figure.mean - expected[1]) < 1e-9, "\(figure) \(expected)")
    }
  }
}

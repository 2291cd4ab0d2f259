import Base
import Testing

@testable import Color

struct FitTests {
  @Test(arguments: [1, 2, 3, 10, 101, 5000])
  func `a percentile is that of the sorted values`(count: Int) throws {
    var random = SeededNumbers(state: UInt64(count))
    let values = (0..<count).map { _ in Double.random(in: -3...3, using: &random) }
    let sorted = values.sorted()
    for percent in [0, 1, 2, 37.5, 50, 98, 99, 100] {
      let position = percent / 100 * Double(count - 1)
      let low = Int(position)
      let high = min(low + 1, count - 1)
      let expected = sorted[low] + (sorted[high] - sorted[low]) * (position - Double(low))
      #expect(abs(try #require(percentile(percent, of: values)) - expected) < 1e-12)
    }
  }

  @Test func `percentiles of equal values and of none`() {
    #expect(percentile(99, of: [Double](repeating: 2, count: 77)) == 2)
    #expect(percentile(50, of: []) == nil)
    #expect(percentile(50, of: [-0.0, 0.0]) == 0)
  }

  @Test func `eigenvectors are orthogonal and reproduce the matrix`() {
    let matrix = SymmetricMatrix3(
      diagonal: SIMD3(4, 3, 2), rest: SIMD3(1, 0.5, -0.7))
    let vectors = matrix.eigenvectors
    func times(_ v: SIMD3<Double>) -> SIMD3<Double> {
      let (d, r) = (matrix.diagonal, matrix.rest)
      return SIMD3(
        d.x * v.x + r.x * v.y + r.y * v.z, r.x * v.x + d.y * v.y + r.z * v.z,
        r.y * v.x + r.z * v.y + d.z * v.z)
    }
    var last = Double.infinity
    for (index, vector) in vectors.enumerated() {
      let value = vector.dot(times(vector))
      #expect((times(vector) - value * vector).length < 1e-12)
      #expect(value <= last)
      last = value
      for other in vectors[..<index] { #expect(abs(vector.dot(other)) < 1e-12) }
    }
  }

  @Test func `sparse concentrations are the minimum`() {
    let stains = StainMatrix(
      haematoxylin: SIMD3(0.6, 0.7, 0.4).unit, eosin: SIMD3(0.2, 0.8, 0.55).unit)
    let unmixing = SparseUnmixing(stains, penalty: 0.1)
    func cost(_ c: SIMD2<Double>, _ d: SIMD3<Double>) -> Double {
      let rest = d - c.x * stains.haematoxylin - c.y * stains.eosin
      return 0.5 * rest.dot(rest) + 0.1 * (c.x + c.y)
    }
    var random = SeededNumbers(state: 5)
    for _ in 0..<200 {
      let d = SIMD3(
        Double.random(in: 0...1.5, using: &random), Double.random(in: 0...1.5, using: &random),
        Double.random(in: 0...1.5, using: &random))
      let c = unmixing.concentrations(d)
      #expect(c.min() >= 0)
      for step in [
        SIMD2(1e-3, 0), SIMD2(0, 1e-3), SIMD2(-1e-3, 0), SIMD2(0, -1e-3), SIMD2(1e-3, -1e-3),
      ] {
        let other = c + step
        if other.min() >= 0 { #expect(cost(other, d) >= cost(c, d)) }
      }
    }
  }
}

import Base
import Testing

@testable import Training

struct SlicedWassersteinTests {
  private func pictures(_ shift: Float, seed: UInt64) -> SlicedWasserstein {
    var all = SlicedWasserstein(channels: 3)
    for number in 0..<4 {
      var numbers = SeededNumbers(seed: seed, .samples, number)
      let values = (0..<(3 * 32 * 32)).map { _ in Float(numbers.unit() * 0.5) + shift }
      all.add(Picture(channels: 3, height: 32, width: 32, values: values), number: number)
    }
    return all
  }

  @Test func `pictures are at no distance from themselves, and farther the more they differ`() {
    let one = pictures(0, seed: 1)
    #expect(one.distance(to: pictures(0, seed: 1)) == 0)
    let (near, far) = (
      one.distance(to: pictures(0, seed: 2)), one.distance(to: pictures(0.4, seed: 2))
    )
    #expect(near < 0.1)
    #expect(far > 5 * near)
  }
}

import Base
import Testing

@Suite struct SeededNumbersTests {
  @Test func `The same place gives the same numbers and another place gives others`() {
    var first = SeededNumbers(seed: 1, purpose: 2, place: [3, 4])
    var again = SeededNumbers(seed: 1, purpose: 2, place: [3, 4])
    var other = SeededNumbers(seed: 1, purpose: 2, place: [4, 3])
    var purpose = SeededNumbers(seed: 1, purpose: 4, place: [3, 4])
    let numbers = (0..<8).map { _ in first.next() }
    #expect(numbers == (0..<8).map { _ in again.next() })
    #expect(numbers != (0..<8).map { _ in other.next() })
    #expect(numbers != (0..<8).map { _ in purpose.next() })
  }

  @Test func `Numbers spread over the whole interval`() {
    var numbers = SeededNumbers(seed: 0, purpose: 3, place: [0])
    let values = (0..<10_000).map { _ in numbers.unit() }
    let mean = values.reduce(0, +) / 10_000
    #expect(abs(mean - 0.5) < 0.02)
    #expect(values.allSatisfy { (0..<1).contains($0) })
    #expect(values.contains { $0 < 0.01 } && values.contains { $0 > 0.99 })
  }

  @Test func `The plain sequence is that of the published SplitMix64`() {
    var numbers = SeededNumbers(state: 1_234_567)
    let found = (0..<3).map { _ in numbers.next() }
    #expect(
      found == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }
}

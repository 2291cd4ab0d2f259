import Testing
import Training

@Suite struct SeededNumbersTests {
  @Test func `The same place gives the same numbers and another place gives others`() {
    var first = SeededNumbers(seed: 1, .order, 3, 4)
    var again = SeededNumbers(seed: 1, .order, 3, 4)
    var other = SeededNumbers(seed: 1, .order, 4, 3)
    var purpose = SeededNumbers(seed: 1, .pool, 3, 4)
    let numbers = (0..<8).map { _ in first.next() }
    #expect(numbers == (0..<8).map { _ in again.next() })
    #expect(numbers != (0..<8).map { _ in other.next() })
    #expect(numbers != (0..<8).map { _ in purpose.next() })
  }

  @Test func `Numbers spread over the whole interval`() {
    var numbers = SeededNumbers(seed: 0, .augmentation, 0)
    let values = (0..<10_000).map { _ in numbers.unit() }
    let mean = values.reduce(0, +) / 10_000
    #expect(abs(mean - 0.5) < 0.02)
    #expect(values.allSatisfy { (0..<1).contains($0) })
    #expect(values.contains { $0 < 0.01 } && values.contains { $0 > 0.99 })
  }
}

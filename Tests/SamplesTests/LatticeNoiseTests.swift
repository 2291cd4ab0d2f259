import Base
import Testing

@testable import Samples

@Suite struct LatticeNoiseTests {
  private let noise = LatticeNoise(seed: 77)

  @Test func `the noise fills its range and is balanced`() {
    var random = SeededNumbers(state: 4)
    var sum: Float = 0
    var range: (Float, Float) = (1, -1)
    for _ in 0..<100_000 {
      let value = noise(
        Float.random(in: -4000...4000, using: &random),
        Float.random(in: -4000...4000, using: &random))
      sum += value
      range = (min(range.0, value), max(range.1, value))
    }
    #expect(abs(sum / 100_000) < 0.01)
    #expect(range.0 < -0.9 && range.0 >= -1 && range.1 > 0.9 && range.1 <= 1)
  }

  @Test func `the slope stays within what the outline relies on`() {
    var random = SeededNumbers(state: 5)
    for _ in 0..<100_000 {
      let x = Float.random(in: -300...300, using: &random)
      let y = Float.random(in: -300...300, using: &random)
      let step: Float = 0.01
      #expect(abs(noise(x + step, y) - noise(x, y)) <= 3 * step + 1e-4)
      #expect(abs(noise.turned(x + step, y) - noise.turned(x, y)) <= 6 * step + 1e-3)
    }
  }

  @Test func `lattice lines are crossed without a step`() {
    for line in -50...50 {
      for place in 0..<40 {
        let y = Float(place) * 0.37
        let x = Float(line)
        #expect(abs(noise(x.nextDown, y) - noise(x, y)) < 1e-3)
        #expect(abs(noise(x - 0.001, y) - noise(x + 0.001, y)) < 1e-2)
      }
    }
  }

  @Test func `the texture tile is periodic and has unit variance`() throws {
    let tile = TextureTile(seed: 3)
    var sum: Float = 0
    var squares: Float = 0
    for y in 0..<256 {
      for x in stride(from: 0, to: 256, by: 64) {
        tile.withRow(x: x, y: y) { row in
          for index in 0..<64 {
            sum += row[index]
            squares += row[index] * row[index]
          }
        }
      }
      let seam = tile.withRow(x: 250, y: y) { row in (0..<64).map { row[$0] } }
      let wrapped = tile.withRow(x: 250 - 256, y: y + 512) { row in (0..<64).map { row[$0] } }
      let start = tile.withRow(x: 0, y: y) { row in (0..<58).map { row[$0] } }
      #expect(seam == wrapped)
      #expect(seam.map { Array($0[6...]) } == start)
    }
    #expect(abs(sum / 65536) < 0.02)
    #expect(abs(squares / 65536 - 1) < 0.05)
  }
}

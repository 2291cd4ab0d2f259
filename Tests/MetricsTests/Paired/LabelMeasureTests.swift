import Base
import TestSupport
import Testing

@testable import Metrics

struct LabelMeasureTests {
  /// By hand: of 12 pixels 9 agree; classes 0, 1 and 4 have 4, 3 and 2 pixels in common.
  @Test func `label maps are compared class by class`() throws {
    let one = [0, 0, 0, 0, 1, 1, 1, 4, 4, 4, 1, 0]
    let other = [0, 0, 0, 0, 1, 1, 1, 4, 4, 0, 4, 1]
    let sources = [one, other].map { numbers in
      MemorySource(width: 4, height: 3, channels: 1) { x, y, _ in numbers[4 * y + x] }
    }
    let figures = try PairedEvaluation([.accuracy, .dice, .iou]).measure(
      sources[0], against: sources[1], pool: WorkerPool(count: 2))
    #expect(figures.values[.accuracy] == 9.0 / 12)
    // Dice: 8/10, 6/8, 4/6. IoU: 4/6, 3/5, 2/4.
    let (dice, iou) = ((0.8 + 0.75 + 4.0 / 6) / 3, (4.0 / 6 + 0.6 + 0.5) / 3)
    #expect(abs((figures.values[.dice] ?? 0) - dice) < 1e-12)
    #expect(abs((figures.values[.iou] ?? 0) - iou) < 1e-12)
    #expect(figures.values[.mae] == nil)
  }

  @Test func `numbers of eight and sixteen bits mean the same classes`() throws {
    let bytes = MemorySource(width: 64, height: 9, channels: 1) { x, y, _ in (x + y) % 7 }
    let words = MemorySource(width: 64, height: 9, channels: 1, format: .uint16) { x, y, _ in
      (x + y) % 7
    }
    let figures = try PairedEvaluation([.accuracy]).measure(
      bytes, against: words, pool: WorkerPool(count: 1))
    #expect(figures.values[.accuracy] == 1)
  }
}

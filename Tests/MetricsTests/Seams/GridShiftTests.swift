import Base
import TesseraPlugin
import TestSupport
import Testing

@testable import Metrics

struct GridShiftTests {
  @Test(arguments: [SampleFormat.uint8, .uint16, .float32])
  func `an image against itself is exactly 0`(format: SampleFormat) throws {
    let source = MemorySource(width: 301, height: 700, format: format)
    let shift = try GridShift.measure(source, source)
    #expect(shift.rms == 0 && shift.maximum == 0 && shift.percentile999 == 0)
    #expect(shift.differingSamples == 0 && shift.samples == 301 * 700 * 3)
  }

  @Test(arguments: [(SampleFormat.uint8, Float(1)), (.uint16, 257), (.float32, 1 / 255)])
  func `differences are counted in 8-bit levels`(depth: (format: SampleFormat, unit: Float)) throws
  {
    // 2000 samples: 10 levels in one of them, 2 in another, 1 in a third.
    func source(_ differences: [Float]) -> ArraySource {
      ArraySource(
        (0..<2000).map { Float($0 % 200 + 20) + ($0 < 3 ? differences[$0] : 0) }
          .map { $0 * depth.unit }, width: 50, height: 40, format: depth.format)
    }
    let shift = try GridShift.measure(source([10, -2, 1]), source([0, 0, 0]))
    #expect(abs(shift.rms - (105.0 / 2000).squareRoot()) < 1e-5)
    #expect(abs(shift.maximum - 10) < 1e-4)
    // 1998 of 2000 samples do not exceed 1 level.
    #expect(abs(shift.percentile999 - 1) < 5e-4)
    #expect(shift.differingSamples == 3 && shift.samples == 2000)
  }

  @Test func `NaN in both places is no difference, in one it is`() throws {
    let one = ArraySource([.nan, 1, .nan, .infinity, -.infinity, 0], width: 3, height: 2)
    let other = ArraySource([.nan, 1, 2, .infinity, .infinity, -0.0], width: 3, height: 2)
    let shift = try GridShift.measure(one, other)
    #expect(shift.differingSamples == 2 && shift.nonFiniteDifferences == 2 && shift.samples == 6)
    #expect(shift.rms == 0 && shift.maximum == 0)
  }

  @Test func `what cannot be compared is refused with both shapes`() throws {
    let image = MemorySource(width: 30, height: 20)
    for other in [
      MemorySource(width: 31, height: 20), MemorySource(width: 30, height: 20, channels: 1),
      MemorySource(width: 30, height: 20, format: .uint16),
    ] {
      let error = #expect(throws: TesseraError.self) { try GridShift.measure(image, other) }
      #expect(error?.reason.contains("30 x 20 px of 3 x uint8") == true)
    }
    #expect(throws: TesseraError.self) {
      try GridShift.measure(image, image, isCancelled: { true })
    }
  }
}

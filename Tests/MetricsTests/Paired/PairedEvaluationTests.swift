import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import Metrics

struct PairedEvaluationTests {
  static let streamed = Set(PairedMetric.allCases.filter { !$0.isOfLabels }).filter {
    $0 != .lpips && !$0.isHounsfield
  }

  private func measure(
    _ first: ArraySource, _ second: ArraySource, _ metrics: Set<PairedMetric> = streamed,
    range: LevelRange? = nil, mask: ArraySource? = nil, threads: Int = 2
  ) throws -> PairedFigures {
    try PairedEvaluation(metrics, range: range).measure(
      first, against: second, mask: mask, pool: WorkerPool(count: threads))
  }

  private func source(
    _ value: @escaping (Int, Int, Int) -> Int, width: Int = 200, height: Int = 180,
    channels: Int = 3, format: SampleFormat = .uint8, unit: Float = 1
  ) -> ArraySource {
    ArraySource(width: width, height: height, channels: channels, format: format) {
      Float(value($0, $1, $2)) * unit
    }
  }

  // Printed by the program in MetricsOracle for the same pictures.
  private static let stored: [PairedMetric: Double] = [
    .psnr: 23.3569969,
    .ssim: 0.856379793,
    .mae: 13.9036944,
    .rmse: 17.3256818,
    .nmi: 1.16554236,
    .graySSIM: 0.823072854,
    .edgeSSIM: 0.773785551,
    .msSSIM: 0.979824149,
    .deltaE76: 12.6344342,
    .deltaE: 6.81875594,
  ]

  private static let storedGray: [PairedMetric: Double] = [
    .psnr: 23.9768715,
    .ssim: 0.843028336,
    .mae: 3396.57726,
    .rmse: 4146.00412,
    .nmi: 1.2855402,
    .graySSIM: 0.843028336,
    .edgeSSIM: 0.724922102,
  ]

  @Test func `a stored pair in color has scikit-image's figures`() throws {
    let figures = try measure(source(TestPictures.first), source(TestPictures.second))
    #expect(Set(figures.values.keys) == Set(Self.stored.keys) && figures.notes.isEmpty)
    for (metric, value) in Self.stored {
      let ours = try #require(figures.values[metric])
      #expect(abs(ours / value - 1) < 1e-6, "\(metric): \(ours), not \(value)")
    }
  }

  @Test func `a stored pair in gray of 16 bits has scikit-image's figures`() throws {
    let figures = try measure(
      source(TestPictures.first, width: 61, height: 47, channels: 1, format: .uint16, unit: 257),
      source(TestPictures.second, width: 61, height: 47, channels: 1, format: .uint16, unit: 257))
    for (metric, value) in Self.storedGray {
      let ours = try #require(figures.values[metric])
      #expect(abs(ours / value - 1) < 1e-6, "\(metric): \(ours), not \(value)")
    }
    #expect(figures.values[.msSSIM] == nil && figures.values[.deltaE] == nil)
    #expect(
      figures.notes == [
        "no MS-SSIM: five scales need 176 px, the image has 47",
        "no ΔE: it needs red, green and blue",
      ])
  }

  @Test func `a picture compared with itself is perfect`() throws {
    let figures = try measure(source(TestPictures.first), source(TestPictures.first))
    #expect(figures.values[.psnr] == .infinity && figures.values[.mae] == 0)
    for metric in [PairedMetric.ssim, .msSSIM, .graySSIM, .edgeSSIM] {
      #expect(abs((figures.values[metric] ?? 0) - 1) < 1e-12)
    }
    #expect(figures.values[.nmi].map { abs($0 - 2) < 1e-12 } == true)
    #expect(figures.values[.deltaE] == 0 && figures.values[.deltaE76] == 0)
  }

  @Test(arguments: [1, 3]) func `threads change nothing`(threads: Int) throws {
    let one = try measure(
      source(TestPictures.first, width: 1300, height: 190),
      source(TestPictures.second, width: 1300, height: 190), threads: 2)
    let other = try measure(
      source(TestPictures.first, width: 1300, height: 190),
      source(TestPictures.second, width: 1300, height: 190), threads: threads)
    #expect(one == other)
  }

  @Test func `the same levels in 8 and 16 bits and as floats have the same figures`() throws {
    let plain = try measure(source(TestPictures.first), source(TestPictures.second))
    let deep = try measure(
      source(TestPictures.first, format: .uint16, unit: 257), source(TestPictures.second))
    #expect(deep.values == plain.values)
    let float = try measure(
      source(TestPictures.first, format: .float32, unit: 1 / 255),
      source(TestPictures.second, format: .float32, unit: 1 / 255))
    for metric in [PairedMetric.psnr, .ssim, .msSSIM, .edgeSSIM, .deltaE] {
      let (a, b) = (float.values[metric] ?? 0, plain.values[metric] ?? 1)
      #expect(abs(a / b - 1) < 1e-5, "\(metric)")
    }
  }

  @Test func `alpha is left out`() throws {
    let with = ArraySource(width: 40, height: 30, channels: 3, format: .uint8) { x, y, channel in
      Float(TestPictures.first(x, y, channel))
    }
    var info = with.info
    info.channels = 4
    info.hasAlpha = true
    let alpha = MemorySource(width: 40, height: 30, channels: 4, hasAlpha: true) { x, y, channel in
      channel == 3 ? 77 : TestPictures.second(x, y, channel)
    }
    let pool = WorkerPool(count: 1)
    let figures = try PairedEvaluation([.mae]).measure(with, against: alpha, pool: pool)
    let plain = try measure(
      source(TestPictures.first, width: 40, height: 30),
      source(TestPictures.second, width: 40, height: 30), [.mae])
    #expect(figures.values == plain.values)
  }

  @Test func `a mask leaves the rest out`() throws {
    var mask: ArraySource {
      ArraySource(width: 200, height: 180, format: .uint8) { x, _, _ in x < 100 ? 255 : 0 }
    }
    let changed: (Int, Int, Int) -> Int = { x, y, channel in
      x < 106 ? TestPictures.second(x, y, channel) : 0
    }
    let masked = try measure(source(TestPictures.first), source(changed), mask: mask)
    let half = try measure(
      source(TestPictures.first, width: 100), source(TestPictures.second, width: 100),
      [.mae, .rmse, .psnr, .nmi, .deltaE])
    for (metric, value) in half.values {
      #expect(abs((masked.values[metric] ?? 0) / value - 1) < 1e-12, "\(metric)")
    }
    // Windows around masked pixels reach 5 px further.
    let wide = try measure(source(TestPictures.first), source(TestPictures.second), mask: mask)
    #expect(masked.values[.ssim] == wide.values[.ssim] && masked.pixels == 100 * 180)
    let none = ArraySource(width: 200, height: 180, format: .uint8) { _, _, _ in 0 }
    let nothing = try measure(source(TestPictures.first), source(changed), mask: none)
    #expect(nothing.values.isEmpty && nothing.notes.count == 1)
  }

  @Test func `samples that are no numbers are counted and left out`() throws {
    let broken = ArraySource(width: 60, height: 50) { x, y, _ in
      x == 20 && y == 30 ? .nan : Float(TestPictures.first(x, y, 0)) / 255
    }
    let whole = ArraySource(width: 60, height: 50) { x, y, _ in
      Float(TestPictures.second(x, y, 0)) / 255
    }
    let figures = try measure(broken, whole, [.mae, .ssim, .nmi, .edgeSSIM])
    #expect(figures.nonFiniteSamples == 1 && figures.values.count == 4)
    #expect(figures.values.values.allSatisfy { $0.isFinite })
  }

  @Test func `floats beyond 0 to 1 need a data range`() throws {
    let first = ArraySource(width: 60, height: 50) { x, y, _ in Float(x * 10 - y * 7) }
    let second = ArraySource(width: 60, height: 50) { x, y, _ in Float(x * 10 - y * 6) }
    let figures = try measure(first, second, [.mae, .psnr, .ssim])
    #expect(Set(figures.values.keys) == [.mae])
    #expect(figures.notes.first?.contains("need no --data-range LOW:HIGH") == true)
    let again = try measure(
      ArraySource(width: 60, height: 50) { x, y, _ in Float(x * 10 - y * 7) },
      ArraySource(width: 60, height: 50) { x, y, _ in Float(x * 10 - y * 6) },
      [.mae, .psnr, .ssim], range: LevelRange(-400, 600))
    #expect(again.values.count == 3 && again.notes.isEmpty)
  }

  @Test func `images of other sizes or channels are refused`() throws {
    let first = source(TestPictures.first, width: 40, height: 30)
    #expect(throws: TesseraError.self) {
      try measure(first, source(TestPictures.first, width: 41, height: 30))
    }
    #expect(throws: TesseraError.self) {
      try measure(first, source(TestPictures.first, width: 40, height: 30, channels: 1))
    }
    #expect(throws: TesseraError.self) {
      try measure(
        first, source(TestPictures.first, width: 40, height: 30),
        mask: ArraySource(width: 40, height: 31, format: .uint8) { _, _, _ in 1 })
    }
  }
}

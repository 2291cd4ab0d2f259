import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import Metrics

struct SeamSuiteTests {
  /// Which tile a column or row belongs to.
  private static func tile(_ position: Int, _ pitch: Int = 128) -> Int { position / pitch }

  private func suite(_ pitch: Int = 128, offset: Int = 0) throws -> SeamSuite {
    SeamSuite(try SeamGrid(pitch: pitch, offset: offset))
  }

  @Test(arguments: [SampleFormat.uint8, .uint16, .float32], [1, 2, 3, 4])
  func `a flat image has 1 everywhere`(format: SampleFormat, channels: Int) throws {
    let source = MemorySource(width: 700, height: 530, channels: channels, format: format) {
      _, _, channel in 40 + channel
    }
    let report = try suite().measure(source)
    #expect(report.vertical.steps.count == channels + (channels == 3 ? 1 : 0))
    #expect(report.figures.count == 4 * report.vertical.steps.count)
    #expect(report.figures.allSatisfy { $0.value == 1 } && report.notes.isEmpty)
    #expect(report.vertical.steps.allSatisfy { $0.lowestControl == 1 && $0.highestControl == 1 })
  }

  @Test func `a ramp has 1 everywhere`() throws {
    let source = ArraySource(width: 800, height: 600) { x, y, _ in Float(3 * x + y) / 4096 }
    let report = try suite().measure(source)
    #expect(report.figures.allSatisfy { abs($0.value - 1) < 1e-3 }, "\(report.figures)")
  }

  @Test(arguments: [SampleFormat.uint8, .float32])
  func `texture without seams is close to 1, and to what the controls have`(
    format: SampleFormat
  ) throws {
    let report = try suite().measure(MemorySource(width: 1500, height: 1400, format: format))
    for step in report.vertical.steps + report.horizontal.steps {
      #expect(abs(step.ratio - 1) < 0.15)
      #expect(step.lowestControl > 0.85 && step.highestControl < 1.15)
      #expect(step.lowestControl < 1 && step.highestControl > 1)
    }
    #expect(
      (report.vertical.combs + report.horizontal.combs).allSatisfy { abs($0.ratio - 1) < 0.3 })
  }

  @Test func `a step on a flat image has the height that was planted`() throws {
    let source = MemorySource(width: 800, height: 640, channels: 1) { x, y, _ in
      100 + (Self.tile(x) % 2) * 3 + (Self.tile(y) % 2) * 5
    }
    let report = try suite().measure(source)
    let (vertical, horizontal) = (report.vertical.steps[0], report.horizontal.steps[0])
    #expect(vertical.channel == "grey" && vertical.levels == 3 && horizontal.levels == 5)
    // No control has a step, so what is left below is rounding noise.
    #expect(abs(vertical.ratio - (9.0 * 1536 + 1).squareRoot()) < 1e-9)
    #expect(abs(horizontal.ratio - (25.0 * 1536 + 1).squareRoot()) < 1e-9)
    #expect(report.worstStep == horizontal.ratio)
  }

  @Test func `a step in texture has the ratio of the formula`() throws {
    let height = 6
    let source = MemorySource(width: 1600, height: 1600, channels: 1) { x, y, channel in
      80 + MemorySource.noise(x, y, channel) % 64 + (Self.tile(x) % 2) * height
    }
    let report = try suite().measure(source)
    // The mean of 256 samples of uniform noise, twice.
    let noise = 2 * (64.0 * 64 - 1) / 12 / 256
    let expected = ((Double(height * height) + noise + 1.0 / 1536) / (noise + 1.0 / 1536))
      .squareRoot()
    #expect(abs(report.vertical.steps[0].ratio / expected - 1) < 0.05)
    #expect(abs(report.horizontal.steps[0].ratio - 1) < 0.15)
  }

  @Test func `seams are found where the grid is, and nowhere else`() throws {
    let source = MemorySource(width: 1000, height: 900, channels: 1) { x, y, _ in
      90 + MemorySource.noise(x, y, 0) % 16 + (Self.tile(x + 128 - 50) % 2) * 20
    }
    #expect(try suite(offset: 50).measure(source).vertical.steps[0].ratio > 10)
    #expect(try suite(offset: 50 - 128).measure(source).vertical.steps[0].ratio > 10)
    // Off the grid the same steps lie between the lines.
    #expect(try suite(offset: 66).measure(source).vertical.steps[0].ratio < 1.3)
  }

  @Test func `a comb on a flat image has the ratio of the formula`() throws {
    let (width, height) = (128 * 6 + 40, 200)
    let source = MemorySource(width: width, height: height, channels: 1) { x, _, _ in
      100 + (Self.tile(x) % 2) * 4
    }
    let report = try suite().measure(source)
    // Six seams of 4 levels add up at k / pitch; at the neighbors there is only rounding noise.
    let floor = Double(6 * 128) / 6 / Double(height)
    let expected = ((24.0 * 24 + floor) / floor).squareRoot()
    #expect(abs(report.vertical.combs[0].ratio / expected - 1) < 1e-9)
    #expect(report.horizontal.combs.isEmpty)
  }

  @Test func `blocks of JPEG are no comb of tiles, and no seam`() throws {
    let source = MemorySource(width: 1600, height: 1600, channels: 1) { x, y, _ in
      90 + MemorySource.noise(x / 8, y / 8, 0) % 32 + MemorySource.noise(x, y, 1) % 8
    }
    let report = try suite(256).measure(source)
    for step in report.vertical.steps + report.horizontal.steps {
      #expect(abs(step.ratio - 1) < 0.2, "\(step)")
    }
    for comb in report.vertical.combs + report.horizontal.combs {
      #expect(abs(comb.ratio - 1) < 0.5, "\(comb)")
    }
  }

  @Test func `a blend without any step still has a comb`() throws {
    // Texture is weaker where tiles cross-fade.
    let source = ArraySource(width: 2100, height: 400) { x, y, _ in
      let distance = min(x % 128, 128 - x % 128)
      let contrast = distance < 16 ? Float(0.4) : 1
      return 0.5 + contrast * Float(MemorySource.noise(x, y, 0) - 128) / 1024
    }
    let report = try suite().measure(source)
    #expect(report.vertical.combs[0].ratio > 3)
    #expect(report.vertical.steps[0].ratio < 1.1)
  }

  @Test(arguments: [1, 7, 63, 64, 100, 256, 1000])
  func `strips of any height give the same numbers`(rows: Int) throws {
    func source(isRandomAccess: Bool) -> MemorySource {
      MemorySource(width: 333, height: 400, isRandomAccess: isRandomAccess)
    }
    let whole = try suite(64).measure(
      source(isRandomAccess: true),
      against: MemorySource(width: 333, height: 400) { x, y, c in
        MemorySource.noise(x, y, c) / 2
      }, StripReader(height: 400, rows: 400))
    for isRandomAccess in [true, false] {
      let report = try suite(64).measure(
        source(isRandomAccess: isRandomAccess),
        against: MemorySource(width: 333, height: 400) { x, y, c in MemorySource.noise(x, y, c) / 2
        },
        StripReader(height: 400, rows: rows))
      #expect(report == whole)
    }
  }

  @Test func `depth only changes the unit`() throws {
    func report(_ format: SampleFormat, _ factor: Float) throws -> SeamReport {
      try suite(64).measure(
        ArraySource(width: 300, height: 300, channels: 3, format: format) { x, y, channel in
          factor * Float(MemorySource.noise(x, y, channel) / 4 + Self.tile(x, 64) % 2 * 9)
        })
    }
    let bytes = try report(.uint8, 1)
    let (words, floats) = (try report(.uint16, 257), try report(.float32, 1 / 255))
    for (index, figure) in bytes.figures.enumerated() {
      #expect(abs(words.figures[index].value / figure.value - 1) < 1e-5)
      #expect(abs(floats.figures[index].value / figure.value - 1) < 1e-5)
    }
    #expect(abs(words.vertical.steps[0].levels / bytes.vertical.steps[0].levels - 1) < 1e-5)
  }

  @Test(arguments: [
    (1, 1), (1, 5000), (5000, 1), (3, 300), (7, 7), (100, 90), (132, 131), (256, 257), (257, 256),
  ])
  func `an image too small for a figure has none, and says why`(size: (width: Int, height: Int))
    throws
  {
    let report = try suite().measure(MemorySource(width: size.width, height: size.height))
    #expect(report.vertical.steps.count == (size.width >= 132 ? 4 : 0))
    #expect(report.horizontal.steps.count == (size.height >= 132 ? 4 : 0))
    #expect(report.vertical.combs.count == (size.width >= 257 ? 4 : 0))
    #expect(report.horizontal.combs.count == (size.height >= 257 ? 4 : 0))
    for note in report.notes { #expect(note.contains("the image is ")) }
    let missing =
      [report.vertical.steps.isEmpty, report.horizontal.steps.isEmpty]
      + [report.vertical.combs.isEmpty, report.horizontal.combs.isEmpty]
    #expect(report.notes.count == missing.count { $0 })
    #expect(report.figures.allSatisfy { $0.value.isFinite })
  }

  @Test func `NaN is left out and reported`() throws {
    func source(_ isBad: @escaping (Int, Int) -> Bool) -> ArraySource {
      ArraySource(width: 700, height: 600) { x, y, _ in
        isBad(x, y) ? (x % 2 == 0 ? .nan : .infinity) : Float(MemorySource.noise(x, y, 0)) / 255
      }
    }
    let clean = try suite().measure(source { _, _ in false })
    let spotted = try suite().measure(source { x, y in x == 300 && y % 7 == 0 || y == 333 })
    #expect(clean.nonFiniteSamples == 0 && clean.notes.isEmpty)
    #expect(spotted.nonFiniteSamples == 700 + 86)
    #expect(spotted.notes == ["786 samples are NaN or infinite and were left out"])
    for (one, other) in zip(clean.figures, spotted.figures) {
      #expect(abs(one.value - other.value) < 0.1, "\(one) \(other)")
    }
    let nothing = try suite().measure(source { _, _ in true })
    #expect(nothing.vertical.steps.isEmpty && nothing.horizontal.steps.isEmpty)
    #expect(nothing.notes.contains { $0.contains("too few finite samples") })
    #expect(nothing.figures.allSatisfy { $0.value.isFinite })
  }

  @Test func `the largest floats stay finite numbers`() throws {
    let source = ArraySource(width: 300, height: 300, channels: 3) { x, y, _ in
      (x + y) % 2 == 0 ? Float.greatestFiniteMagnitude : -Float.greatestFiniteMagnitude
    }
    let report = try suite(64).measure(
      source,
      against: ArraySource(
        width: 300, height: 300, channels: 3
      ) { _, _, _ in -Float.greatestFiniteMagnitude })
    #expect(report.figures.allSatisfy { $0.value.isFinite }, "\(report.figures)")
  }

  @Test func `alpha and luminance have figures of their own`() throws {
    let rgba = MemorySource(width: 300, height: 300, channels: 4, hasAlpha: true)
    #expect(
      try suite(64).measure(rgba).vertical.steps.map(\.channel)
        == ["red", "green", "blue", "alpha", "luminance"])
    let two = MemorySource(width: 300, height: 300, channels: 2, hasAlpha: true)
    #expect(try suite(64).measure(two).vertical.steps.map(\.channel) == ["grey", "alpha"])
  }

  @Test func `a report survives JSON`() throws {
    let source = MemorySource(width: 300, height: 300)
    let report = try suite(64).measure(source, against: source)
    #expect(report.gridShift?.maximum == 0)
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(SeamReport.self, from: data) == report)
  }

  @Test func `failures of reading and a request to stop come through`() throws {
    let failing = MemorySource(width: 300, height: 600, failingRow: 400)
    #expect(throws: (any Error).self) { try suite().measure(failing) }
    let error = #expect(throws: TesseraError.self) {
      try suite().measure(MemorySource(width: 300, height: 600), isCancelled: { true })
    }
    #expect(error == .cancelled)
  }
}

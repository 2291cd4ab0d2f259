import Base
import Synchronization
import TesseraPlugin
import TestSupport
import Testing
import TileIO

@testable import Translation

/// Adds a second picture where a mask says so, and a number everywhere.
private struct Addition: DomainPair, TileTranslator {
  var amount: Float = 0
  var isDeaf = false

  var description: PairDescription {
    var description = PairDescription(
      id: "addition", title: "Addition", sourceDomain: "one", targetDomain: "sum", version: "1",
      license: "MIT", summary: "For tests.", channels: 3)
    description.furtherInputs = [
      FurtherInput("where", .mask, help: "where to add"),
      FurtherInput("other", .picture(channels: 1), help: "what to add"),
      FurtherInput("amount", .number(0...9), help: "added everywhere"),
    ]
    description.hasForeground = !isDeaf
    return description
  }

  let footprint = Footprint.pixel

  func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    guard overview.pixels.channels == 5, overview.image.channels == 5 else {
      throw PairError("the overview has \(overview.pixels.channels) channels")
    }
    var half = [Bool](repeating: false, count: overview.pixels.region.area)
    for index in half.indices where index % overview.pixels.region.width > 20 { half[index] = true }
    let mask = RegionMask(
      width: overview.pixels.region.width, height: overview.pixels.region.height, reduction: 1,
      isForeground: half)
    return Calibration(
      .translate(Addition(amount: Float(options.number("amount")))), foreground: mask)
  }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    let columns = core.region.columns
    for row in core.region.rows {
      window.withRow(row, columns: columns, as: UInt8.self) { input in
        core.withMutableRow(row, columns: columns, as: UInt8.self) { output in
          for pixel in 0..<columns.count {
            let more = input[5 * pixel + 3] == 255 ? Float(input[5 * pixel + 4]) : 0
            for channel in 0..<3 {
              output[3 * pixel + channel] = UInt8(
                saturating: Float(input[5 * pixel + channel]) + more + amount)
            }
          }
        }
      }
    }
  }
}

struct FurtherInputTests {
  private let mask = MemorySource(width: 300, height: 201, channels: 1) { x, y, _ in
    (x / 7 + y / 5) % 2 == 0 ? 3 : 0
  }
  private let other = MemorySource(width: 300, height: 201, channels: 1) { x, y, _ in
    (x + y) % 50
  }

  private func settings(
    _ further: [any ImageSource], pair: Addition = Addition(), amount: String? = "2"
  ) throws -> TranslationSettings {
    var settings = TranslationSettings(
      pair,
      options: try PairOptions(
        amount.map { ["amount": $0] } ?? [:], declared: pair.description.declaredOptions))
    settings.furtherImages = further
    return settings
  }

  private func translate(
    _ source: MemorySource, _ settings: TranslationSettings, threads: Int = 2
  ) throws -> [UInt8] {
    let sink = MemorySink()
    _ = try TranslationEngine(pool: WorkerPool(count: threads)).translate(source, settings) { _ in
      sink
    }
    return sink.bytes
  }

  private func expected(_ source: MemorySource, x: Int, y: Int, _ channel: Int) -> UInt8 {
    let more = mask.value(x, y, 0) != 0 ? other.value(x, y, 0) : 0
    return UInt8(min(255, source.value(x, y, channel) + more + 2))
  }

  @Test func `a mask, a second picture and a number reach every window in any cut`() throws {
    for (isRandomAccess, hasAlpha) in [(true, false), (false, true)] {
      let channels = hasAlpha ? 4 : 3
      let source = MemorySource(
        width: 300, height: 201, channels: channels, hasAlpha: hasAlpha,
        isRandomAccess: isRandomAccess)
      let expected = (0..<201).flatMap { y in
        (0..<300).flatMap { x in
          (0..<channels).map {
            $0 == 3
              ? UInt8(source.value(x, y, 3))
              : hasAlpha && source.value(x, y, 3) == 0
                // What is transparent is white.
                ? 255 : self.expected(source, x: x, y: y, $0)
          }
        }
      }
      for (tile, threads) in [(nil, 2), (33, 1), (128, 3)] as [(Int?, Int)] {
        var settings = try settings([mask, other])
        settings.tile = tile
        let pass = try #require(source.reopened() as? MemorySource)
        let isSame = try translate(pass, settings, threads: threads) == expected
        #expect(isSame, "tile \(tile ?? 0), random access \(isRandomAccess)")
      }
    }
  }

  @Test func `an overview has the middle of a mask, whatever its numbers`() throws {
    let image = MemorySource(width: 64, height: 40, channels: 1)
    for value in [1, 255] {
      let mask = MemorySource(width: 64, height: 40, channels: 1) { x, y, _ in
        x % 4 == 2 && y % 4 == 2 || x < 2 ? value : 0
      }
      let joined = JoinedSource(
        .init(source: image, kind: .picture(channels: 1)), [.init(source: mask, kind: .mask)],
        format: .uint8)
      let overview = try joined.overview(reduction: 4)
      overview.withRow(3, columns: 0..<16, as: UInt8.self) { row in
        #expect((0..<16).allSatisfy { row[2 * $0 + 1] == 255 })
      }
    }
  }

  @Test func `the background that is kept is that of the image alone`() throws {
    let source = MemorySource(width: 300, height: 201)
    var settings = try settings([mask, other])
    settings.keepBackground = true
    let made = try translate(source, settings)
    for (x, y) in [(0, 0), (20, 77), (21, 77), (299, 200)] {
      let pixel = (0..<3).map { made[3 * (300 * y + x) + $0] }
      let wanted = (0..<3).map {
        x <= 20 ? UInt8(source.value(x, y, $0)) : expected(source, x: x, y: y, $0)
      }
      #expect(pixel == wanted, "\(x), \(y)")
    }
  }

  @Test func `a mask is set above 0 in any of its colors, and what is no number is not`() throws {
    let source = MemorySource(width: 300, height: 201)
    let settings = try settings([Gaps(), other])
    let made = try translate(source, settings)
    for (x, isSet) in [(0, true), (1, false), (2, false), (3, true)] {
      let more = isSet ? other.value(x, 9, 0) : 0
      let wanted = UInt8(min(255, source.value(x, 9, 1) + more + 2))
      #expect(made[3 * (300 * 9 + x) + 1] == wanted, "column \(x)")
    }
  }

  /// Four channels, none of them alpha: columns in turn have 0.5 in the last one, NaN, -1, and 1 in the first.
  private final class Gaps: ImageSource {
    let info: ImageInfo = {
      var info = ImageInfo(
        format: "memory", width: 300, height: 201, channels: 4, color: .other,
        sampleFormat: .float32)
      info.isRandomAccess = true
      return info
    }()

    func read(into tile: inout Tile) throws(TesseraError) {
      let columns = tile.region.columns
      for row in tile.region.rows {
        tile.withMutableRow(row, columns: columns, as: Float.self) { samples in
          for (index, x) in columns.enumerated() {
            samples[4 * index + (x % 4 == 0 ? 3 : 0)] = [0.5, .nan, -1, 1][x % 4]
          }
        }
      }
    }
  }

  @Test func `what is missing or of another size is refused`() throws {
    let source = MemorySource(width: 300, height: 201)
    let small = MemorySource(width: 299, height: 201, channels: 1)
    let cases: [([any ImageSource], String)] = [
      ([], "takes the further images where, other; give each with --input NAME=FILE"),
      ([mask, small], "--input other: it has 299 x 201 px, the image 300 x 201"),
      ([mask, source], "--input other: it has 3 colour channels, the pair takes 1"),
    ]
    for (further, text) in cases {
      let settings = try settings(further)
      let error = #expect(throws: TesseraError.self) { try translate(source, settings) }
      #expect(error?.reason.contains(text) == true, "\(error?.reason ?? "")")
    }
  }

  @Test func `a foreground that is not of the image is refused`() throws {
    var settings = try settings([mask, other])
    settings.keepBackground = true
    let fine = RegionMask(
      width: 75, height: 50, reduction: 4, isForeground: .init(repeating: true, count: 3750))
    let source = MemorySource(width: 300, height: 201)
    #expect(fine.fault(on: source.info) == nil)
    let whole = RegionMask(
      width: 75, height: 51, reduction: 4, isForeground: .init(repeating: true, count: 3825))
    #expect(whole.fault(on: source.info) == nil)
    for (width, height, reduction) in [
      (74, 50, 4), (75, 52, 4), (75, 50, 5), (2, 1, 1), (1, 1, 150),
    ] {
      let mask = RegionMask(
        width: width, height: height, reduction: reduction,
        isForeground: .init(repeating: true, count: width * height))
      var calibration = try TranslationEngine(pool: WorkerPool(count: 1)).calibrate(
        source, settings)
      calibration.foreground = mask
      let error = #expect(throws: TesseraError.self) {
        _ = try TranslationEngine(pool: WorkerPool(count: 1)).translate(
          source, settings, calibration: calibration
        ) { _ in MemorySink() }
      }
      #expect(error?.reason.contains("is not that of an image of 300 x 201") == true)
    }
  }

  @Test func `the background of a pair that tells none is refused`() throws {
    var settings = try settings([mask, other], pair: Addition(isDeaf: true))
    settings.keepBackground = true
    #expect(settings.misuse?.contains("does not tell foreground from background") == true)
    #expect(throws: TesseraError.self) {
      try translate(MemorySource(width: 300, height: 201), settings)
    }
  }
}

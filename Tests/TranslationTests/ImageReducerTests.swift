import Base
import TesseraPlugin
import TestSupport
import Testing

@testable import Translation

/// Takes the mean of all pixels away, which it counts strip by strip.
private struct Centring: DomainPair {
  struct Mean: ImageReducer {
    var sum = 0.0
    var count = 0
    var rows: [Int] = []

    mutating func accumulate(_ strip: borrowing Tile) throws(PairError) {
      rows.append(strip.region.y)
      for row in strip.region.rows {
        strip.withRow(row, columns: strip.region.columns, as: UInt8.self) { samples in
          for index in samples.indices {
            // An order of additions that another order would betray.
            sum += Double(samples[index]) / 255 * 0.1
          }
          count += samples.count
        }
      }
    }

    mutating func merge(_ other: Mean) {
      sum += other.sum
      count += other.count
      rows += other.rows
    }
  }

  var description: PairDescription {
    PairDescription(
      id: "centring", title: "Centring", sourceDomain: "one", targetDomain: "another", version: "1",
      license: "MIT", summary: "For tests.", channels: 3)
  }

  func reducer(
    for image: ImageDescription, options: PairOptions
  ) throws(PairError) -> (any ImageReducer)? { Mean() }

  func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    guard let mean = overview.statistics as? Mean else { throw PairError("nothing was gathered") }
    return Calibration(
      .copy(reason: "\(mean.sum) of \(mean.count) in \(mean.rows)"))
  }
}

struct ImageReducerTests {
  private func reason(_ source: MemorySource, threads: Int, tile: Int?) throws -> String? {
    var settings = TranslationSettings(Centring(), options: try PairOptions(declared: []))
    settings.tile = tile
    return try TranslationEngine(pool: WorkerPool(count: threads)).translate(source, settings) {
      _ in MemorySink()
    }.copyReason
  }

  @Test func `a reducer sees every pixel once, with the same sum for any cut and thread count`()
    throws
  {
    let (width, height) = (611, 1033)
    let first = try #require(
      try reason(MemorySource(width: width, height: height), threads: 1, tile: nil))
    #expect(first.contains(" of \(width * height * 3) in [0, 256, 512, 768, 1024]"))
    for (threads, tile, isRandomAccess, hasAlpha) in [
      (2, 64, true, false), (5, nil, true, true), (3, 300, false, false), (1, 17, false, true),
    ] as [(Int, Int?, Bool, Bool)] {
      let source = MemorySource(
        width: width, height: height, channels: hasAlpha ? 4 : 3, hasAlpha: hasAlpha,
        isRandomAccess: isRandomAccess
      ) { x, y, channel in channel == 3 ? 1 : MemorySource.noise(x, y, channel) }
      #expect(try reason(source, threads: threads, tile: tile) == first)
    }
  }
}

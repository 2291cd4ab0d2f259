import Base
import Synchronization
import TesseraPlugin
import TestSupport
import Testing

@testable import Translation

/// Copies, and keeps the largest window that it was given.
private final class Watching: DomainPair, TileTranslator {
  let footprint: Footprint
  let largest = Mutex(0)
  let smallest = Mutex(Int.max)

  init(_ footprint: Footprint) { self.footprint = footprint }

  var description: PairDescription {
    PairDescription(
      id: "watching", title: "Watching", sourceDomain: "one", targetDomain: "another",
      version: "1", license: "MIT", summary: "For tests.", channels: 3)
  }

  func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration { Calibration(.translate(self)) }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    let region = window.region
    largest.withLock { $0 = max($0, region.area) }
    smallest.withLock { $0 = min($0, region.width, region.height) }
    core.copy(core.region, from: window)
  }
}

struct WindowLimitTests {
  @Test(arguments: [nil, 64, 700, 5000], [(1000, 900), (3000, 120)])
  func `no window is larger than its pair allows, nor smaller, whatever the user asks for`(
    tile: Int?, size: (Int, Int)
  ) throws {
    let pair = Watching(
      Footprint(
        halo: 16, preferredCore: 512, alignment: 4, smallestWindow: 90, largestWindow: 40_000))
    var settings = TranslationSettings(pair, options: try PairOptions(declared: []))
    settings.tile = tile
    let source = MemorySource(width: size.0, height: size.1)
    let sink = MemorySink()
    _ = try TranslationEngine(pool: WorkerPool(count: 2)).translate(source, settings) { _ in sink }
    #expect(sink.bytes.count == size.0 * size.1 * 3)
    #expect(pair.largest.withLock { $0 } <= 40_000)
    #expect(pair.smallest.withLock { $0 } >= 90)
  }

  @Test(arguments: [16, 300, 5000], [(400, 300), (2000, 30)])
  func `the alignment of halos and images counts, too`(tile: Int, size: (Int, Int)) throws {
    let pair = Watching(
      Footprint(
        halo: 2, preferredCore: 512, alignment: 16, smallestWindow: 33, largestWindow: 48 * 48))
    var settings = TranslationSettings(pair, options: try PairOptions(declared: []))
    settings.tile = tile
    let sink = MemorySink()
    _ = try TranslationEngine(pool: WorkerPool(count: 2)).translate(
      MemorySource(width: size.0, height: size.1), settings
    ) { _ in sink }
    #expect(sink.bytes.count == size.0 * size.1 * 3)
    #expect(pair.largest.withLock { $0 } <= 48 * 48)
    settings.pair = Watching(
      Footprint(halo: 2, preferredCore: 512, alignment: 16, largestWindow: 47 * 48))
    let error = #expect(throws: TesseraError.self) {
      _ = try TranslationEngine(pool: WorkerPool(count: 1)).translate(
        MemorySource(width: 400, height: 300), settings
      ) { _ in MemorySink() }
    }
    #expect(error?.reason.contains("(48 x 48 px) have no room") == true)
  }

  @Test func `a pair that keeps the depth of its image computes in that of a deeper output`() throws
  {
    var settings = TranslationSettings(Inversion(), options: try PairOptions(declared: []))
    settings.depth = .float
    let sink = MemorySink()
    _ = try TranslationEngine(pool: WorkerPool(count: 2)).translate(
      MemorySource(width: 40, height: 30) { x, y, _ in (x + y) * 3 }, settings
    ) { _ in sink }
    let values = sink.bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    #expect(values[0] == 1 && abs(values[3] - (1 - 3 / 255)) < 1e-6)
    var bytes = settings
    bytes.pair = Restricted()
    let error = #expect(throws: TesseraError.self) {
      _ = try TranslationEngine(pool: WorkerPool(count: 1)).translate(
        MemorySource(width: 40, height: 30), bytes
      ) { _ in MemorySink() }
    }
    #expect(error?.reason.contains("computes in uint8") == true)
  }

  /// Takes bytes only.
  private struct Restricted: DomainPair {
    var description: PairDescription {
      var description = Inversion().description
      description.formats = [.uint8]
      return description
    }

    func calibrate(
      _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
    ) throws(PairError) -> Calibration { Calibration(.translate(Inversion())) }
  }
}

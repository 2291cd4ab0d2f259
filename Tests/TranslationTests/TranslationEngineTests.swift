import Base
import Synchronization
import TesseraPlugin
import TestSupport
import Testing

@testable import Translation

struct TranslationEngineTests {
  private func translate(
    _ source: MemorySource, _ pair: any DomainPair, tile: Int? = nil, threads: Int = 2,
    keepBackground: Bool = false, depth: OutputDepth? = nil
  ) throws -> [UInt8] {
    var settings = TranslationSettings(pair, options: try PairOptions(declared: []))
    settings.tile = tile
    settings.keepBackground = keepBackground
    settings.depth = depth
    let sink = MemorySink()
    _ = try TranslationEngine(pool: WorkerPool(count: threads)).translate(source, settings) { _ in
      sink
    }
    #expect(sink.isFinished && !sink.isDiscarded)
    return sink.bytes
  }

  /// The translator on the whole image at once.
  private func whole(_ source: MemorySource, _ translator: any TileTranslator) throws -> [UInt8] {
    let info = source.info
    var input = Tile(region: info.region, channels: info.channels, format: info.sampleFormat)
    try MemorySource(
      width: info.width, height: info.height, channels: info.channels, format: info.sampleFormat
    ).read(into: &input)
    var output = Tile(region: info.region, channels: info.channels, format: info.sampleFormat)
    try translator.translate(input, into: &output)
    let sink = MemorySink()
    try sink.write(output)
    return sink.bytes
  }

  @Test(arguments: cases([nil, 256], slow: [512, 1000]), cases([1, 5], slow: [2]))
  func `a pixel function gives the same bytes for any tile, thread count and access`(
    tile: Int?, threads: Int
  ) throws {
    let reference = try whole(MemorySource(width: 1111, height: 777), Inversion())
    for isRandomAccess in [true, false] {
      for storedTile in [nil, 240, 256] {
        let source = MemorySource(
          width: 1111, height: 777, isRandomAccess: isRandomAccess, storedTile: storedTile)
        #expect(try translate(source, Inversion(), tile: tile, threads: threads) == reference)
      }
    }
  }

  @Test(arguments: cases([nil, 100], slow: [256, 512, 1000]), cases([1, 5], slow: [2]))
  func `a function with a halo of 24 equals the whole image for any tile, thread count and access`(
    tile: Int?, threads: Int
  ) throws {
    let reference = try whole(MemorySource(width: 700, height: 611), BoxBlur())
    for isRandomAccess in [true, false] {
      let source = MemorySource(width: 700, height: 611, isRandomAccess: isRandomAccess)
      #expect(try translate(source, BoxBlur(), tile: tile, threads: threads) == reference)
    }
  }

  @Test(arguments: [(1, 1), (1, 300), (300, 1), (23, 25), (256, 256), (257, 513)])
  func `images smaller than a window and of odd sizes are translated whole`(
    size: (width: Int, height: Int)
  ) throws {
    for pair in [BoxBlur() as any DomainPair & TileTranslator, Inversion()] {
      let source = MemorySource(width: size.width, height: size.height)
      #expect(try translate(source, pair) == whole(source, pair))
    }
  }

  @Test(arguments: [SampleFormat.uint16, .float32])
  func `16 bits and float go through as they are`(format: SampleFormat) throws {
    let source = MemorySource(width: 333, height: 270, format: format)
    #expect(try translate(source, BoxBlur(), tile: 128) == whole(source, BoxBlur()))
  }

  @Test func `alpha is passed through and colors are translated`() throws {
    let source = MemorySource(width: 300, height: 280, channels: 4, hasAlpha: true)
    let output = try translate(source, Inversion(), tile: 64)
    for y in stride(from: 0, to: 280, by: 13) {
      for x in stride(from: 0, to: 300, by: 7) {
        let pixel = (y * 300 + x) * 4
        for channel in 0..<3 {
          // What is transparent is white.
          let level =
            MemorySource.noise(x, y, 3) == 0 ? 255 : MemorySource.noise(x, y, channel)
          #expect(Int(output[pixel + channel]) == 255 - level)
        }
        #expect(Int(output[pixel + 3]) == MemorySource.noise(x, y, 3))
      }
    }
  }

  @Test(arguments: [nil, 50, 256])
  func `background is kept byte for byte where asked`(tile: Int?) throws {
    var foreground = [Bool](repeating: false, count: 10 * 8)
    for row in 2..<6 { for column in 3..<7 { foreground[row * 10 + column] = true } }
    let mask = RegionMask(width: 10, height: 8, reduction: 32, isForeground: foreground)
    let source = MemorySource(width: 339, height: 270)
    let output = try translate(
      source, Inversion(foreground: mask), tile: tile, keepBackground: true)
    for y in 0..<270 {
      for x in 0..<339 {
        let isInside = (64..<192).contains(y) && (96..<224).contains(x)
        let original = MemorySource.noise(x, y, 1)
        let expected = isInside ? 255 - original : original
        if Int(output[(y * 339 + x) * 3 + 1]) != expected {
          Issue.record("pixel \(x), \(y)")
          return
        }
      }
    }
  }

  @Test func `a pair that declines leaves the pixels alone and says why`() throws {
    let source = MemorySource(width: 100, height: 90)
    let sink = MemorySink()
    let settings = TranslationSettings(
      Inversion(copyReason: "no tissue"), options: try PairOptions(declared: []))
    let result = try TranslationEngine(pool: WorkerPool(count: 2)).translate(source, settings) {
      _ in sink
    }
    #expect(result.copyReason == "no tissue")
    #expect(Int(sink.bytes[5]) == MemorySource.noise(1, 0, 2))
  }

  @Test func `a depth other than the input's keeps full intensity full`() throws {
    let source = MemorySource(width: 64, height: 40, value: { x, _, _ in x == 0 ? 255 : 0 })
    let sixteen = try translate(source, Inversion(), depth: .sixteen)
    #expect(sixteen.count == 64 * 40 * 6)
    #expect(sixteen[0] == 0 && sixteen[1] == 0 && sixteen[6] == 255 && sixteen[7] == 255)
    let float = try translate(source, Inversion(), depth: .float)
    #expect(float.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 12, as: Float.self) } == 1)
  }

  @Test(arguments: [true, false])
  func `a source that fails in the middle discards the output`(isRandomAccess: Bool) throws {
    let source = MemorySource(
      width: 400, height: 2000, isRandomAccess: isRandomAccess, failingRow: 1300)
    let sink = MemorySink()
    let settings = TranslationSettings(Inversion(), options: try PairOptions(declared: []))
    #expect(throws: TesseraError.self) {
      try TranslationEngine(pool: WorkerPool(count: 2)).translate(source, settings) { _ in sink }
    }
    #expect(sink.isDiscarded && !sink.isFinished)
  }

  @Test func `a sink that fails in the middle ends the run with its error`() throws {
    let sink = MemorySink(failingRow: 700)
    let settings = TranslationSettings(Inversion(), options: try PairOptions(declared: []))
    #expect(throws: TesseraError("memory", "writing row 700", "the test wants it to fail")) {
      try TranslationEngine(pool: WorkerPool(count: 2)).translate(
        MemorySource(width: 400, height: 5000), settings
      ) { _ in sink }
    }
    #expect(sink.isDiscarded)
  }

  @Test func `a request to stop ends the run and discards the output`() throws {
    let counter = RowCounter()
    let sink = MemorySink()
    let settings = TranslationSettings(Inversion(), options: try PairOptions(declared: []))
    #expect(throws: TesseraError.self) {
      try TranslationEngine(pool: WorkerPool(count: 2)).translate(
        MemorySource(width: 100, height: 9000), settings,
        observer: .init(
          rowsDone: { done, _ in counter.set(done) }, isCancelled: { counter.value > 2000 })
      ) { _ in sink }
    }
    #expect(sink.isDiscarded && sink.rows < 9000)
  }

  @Test func `an image with other channels than the pair takes is refused before a file is made`()
    throws
  {
    let settings = TranslationSettings(Inversion(), options: try PairOptions(declared: []))
    #expect(throws: TesseraError.self) {
      try TranslationEngine(pool: WorkerPool(count: 1)).translate(
        MemorySource(width: 10, height: 10, channels: 1), settings
      ) { _ in
        Issue.record("a sink was made")
        return MemorySink()
      }
    }
  }

  @Test func `verification finds a translator that looks at its window's edge`() throws {
    let engine = TranslationEngine(pool: WorkerPool(count: 2))
    let good = TranslationSettings(BoxBlur(), options: try PairOptions(declared: []))
    let open = { MemorySource(width: 500, height: 420) }
    let findings = try Verification(engine.pool).run(
      [.init(tile: 128), .init(tile: 300, origin: 77, threads: 1)], settings: { _ in good },
      open: open)
    #expect(findings.map(\.differingSamples) == [0, 0])
    let bad = TranslationSettings(ShortHalo(), options: try PairOptions(declared: []))
    #expect(
      try Verification(engine.pool).run(
        [.init(tile: 128)], settings: { _ in bad }, open: open)[0].maximumDifference > 0)
  }
}

private final class RowCounter: Sendable {
  private let rows = Mutex(0)
  func set(_ value: Int) { rows.withLock { $0 = value } }
  var value: Int { rows.withLock { $0 } }
}

/// A blur that declares half of the halo it needs.
private struct ShortHalo: DomainPair, TileTranslator {
  let blur = BoxBlur()
  var description: PairDescription { blur.description }
  var footprint: Footprint { Footprint(halo: 12, preferredCore: 200) }
  func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration { Calibration(.translate(self)) }
  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    try blur.translate(window, into: &core)
  }
}

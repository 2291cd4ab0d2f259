import Base
import Foundation
import Samples
import Synchronization
import TesseraPlugin
import Testing
import TileIO

@Suite struct StripCopyTests {
  private let slide = SyntheticSlide(
    width: 2300, height: 530, seed: 6, look: .palePink, tissueShare: 0.5)

  @Test(arguments: [1, 3], [1, 100, 256, 1000])
  func `the strips join to the image`(threads: Int, height: Int) throws {
    let source: any ImageSource =
      height == 1 ? Landscape(width: 90, height: 50, seed: 2) : slide
    let sink = CollectingSink()
    try copy(from: source, to: sink, pool: WorkerPool(count: threads), stripHeight: height)
    #expect(sink.isFinished && !sink.isDiscarded)
    #expect(sink.bytes == (try pixels(source, source.info.region)))
  }

  @Test func `a source without random access is read in full rows from one thread`() throws {
    let source = SequentialSource(slide)
    let sink = CollectingSink()
    try copy(from: source, to: sink, pool: WorkerPool(count: 3))
    #expect(sink.bytes == (try pixels(slide, slide.info.region)))
    #expect(source.threads.withLock { $0.count } == 1)
  }

  @Test(arguments: [0, 300, 529])
  func `an error of the sink is thrown on and discards the file`(row: Int) {
    let sink = CollectingSink(failsAtRow: row)
    #expect(throws: TesseraError("sink", "writing", "the disk is full")) {
      try copy(from: slide, to: sink, pool: WorkerPool(count: 2), stripHeight: 64)
    }
    #expect(sink.isDiscarded && !sink.isFinished)
  }

  @Test(arguments: [true, false])
  func `an error of the source is thrown on and discards the file`(isRandomAccess: Bool) {
    let source = FailingSource(failsAtRow: 400, isRandomAccess: isRandomAccess)
    let sink = CollectingSink()
    #expect(throws: TesseraError("source", "reading", "row 400 is damaged")) {
      try copy(from: source, to: sink, pool: WorkerPool(count: 2), stripHeight: 64)
    }
    #expect(sink.isDiscarded && !sink.isFinished && sink.nextRow == 384)
  }
}

/// A slide that must be read from top to bottom.
private final class SequentialSource: ImageSource {
  let info: ImageInfo
  let threads = Mutex<Set<ObjectIdentifier>>([])
  private let nextRow = Mutex(0)
  private let slide: SyntheticSlide

  init(_ slide: SyntheticSlide) {
    self.slide = slide
    var info = slide.info
    info.isRandomAccess = false
    self.info = info
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    let region = tile.region
    threads.withLock { _ = $0.insert(ObjectIdentifier(Thread.current)) }
    let isNext = nextRow.withLock { row in
      defer { row += region.height }
      return row == region.y && region.width == info.width
    }
    guard isNext else { throw TesseraError("source", "reading", "\(region) is out of order") }
    try slide.read(into: &tile)
  }
}

/// An image with a damaged row.
private final class FailingSource: ImageSource {
  let info: ImageInfo
  private let failsAtRow: Int

  init(failsAtRow: Int, isRandomAccess: Bool) {
    self.failsAtRow = failsAtRow
    var info = ImageInfo(
      format: "test", width: 3000, height: 600, channels: 3, color: .rgb, sampleFormat: .uint8)
    info.isRandomAccess = isRandomAccess
    self.info = info
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    if tile.region.rows.contains(failsAtRow) {
      throw TesseraError("source", "reading", "row \(failsAtRow) is damaged")
    }
  }
}

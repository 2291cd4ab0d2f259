import Base
import Foundation
import Testing

@testable import Training

struct ExampleLoaderTests {
  let folder: ExampleFolder

  init() throws { folder = try ExampleFolder() }

  private func unpaired(_ a: Int, _ b: Int) throws {
    try folder.noise((0..<a).map { "trainA/\($0).png" }, 20, 20)
    try folder.noise((0..<b).map { "trainB/\($0).png" }, 20, 20)
  }

  private var varied: DataOptions {
    var options = ExampleFolder.plain
    options.preprocess = .resizeAndCrop
    (options.flips, options.turns, options.stainJitter) = (true, true, 0.2)
    return options
  }

  /// What steps get.
  private func batches(
    _ data: Dataset, _ steps: Range<Int>, batchSize: Int = 2, threads: Int = 2, seed: UInt64 = 1
  ) throws -> [[Int]] {
    let loader = ExampleLoader(
      data, batchSize: batchSize, seed: seed, steps: steps, threads: threads)
    defer { loader.stop() }
    return try steps.map { step in
      let batch = try loader.next().batch
      #expect(batch.step == step && batch.examples.count == batchSize)
      return batch.examples.map(\.fingerprint)
    }
  }

  @Test func `steps get the same whatever the threads and wherever a run resumes`() throws {
    try unpaired(7, 5)
    let data = try folder.open(.unpaired, varied)
    let whole = try batches(data, 0..<20, threads: 1)
    for threads in [2, 3, 8] {
      #expect(try batches(data, 0..<20, threads: threads) == whole)
    }
    for first in [1, 3, 11, 19] {
      #expect(try batches(data, first..<20, threads: 2) == Array(whole[first...]))
    }
    // Epochs are three steps long: none shows the same twice.
    #expect(Set(whole.flatMap { $0 }).count == 40)
    #expect(try batches(data, 0..<20, seed: 2) != whole)
  }

  @Test func `an epoch shows every picture once, in order where that is wished`() throws {
    for index in 0..<6 {
      try folder.write("train/\(index).png", 8, 4) { _, _, _ in UInt8(index * 40) }
    }
    for isSerial in [true, false] {
      var options = ExampleFolder.plain
      options.isSerial = isSerial
      let loader = ExampleLoader(
        try folder.open(.paired, options), batchSize: 2, seed: 4, steps: 0..<6, threads: 2)
      defer { loader.stop() }
      #expect(loader.stepsPerEpoch == 3)
      for _ in 0..<2 {
        var seen: [Int] = []
        for _ in 0..<3 {
          seen += try loader.next().batch.examples.map {
            Int((($0.target.values[0] + 1) * 127.5 / 40).rounded())
          }
        }
        #expect(seen.sorted() == Array(0..<6))
        #expect((seen == seen.sorted()) == isSerial)
      }
    }
  }

  @Test func `a batch of mixed sizes says what to do`() throws {
    try folder.noise(["train/1.png"], 16, 8)
    try folder.noise(["train/2.png"], 16, 12)
    let data = try folder.open(.paired)
    let error = #expect(throws: TesseraError.self) { try batches(data, 0..<1) }
    #expect(error?.description.contains("differ in size after --preprocess none") == true)
    #expect(error?.description.contains("use --batch-size 1") == true)
    #expect(try batches(data, 0..<2, batchSize: 1).count == 2)
  }

  @Test func `a batch larger than the data takes pictures again`() throws {
    try folder.noise(["train/1.png", "train/2.png"], 16, 8)
    #expect(try batches(folder.open(.paired), 0..<2, batchSize: 5)[0].count == 5)
  }

  @Test func `an unreadable file is named once, and the run goes on`() throws {
    try folder.noise((10..<50).map { "train/\($0).png" }, 16, 8)
    try folder.text("train/27.png", "no picture")
    let loader = ExampleLoader(
      try folder.open(.paired), batchSize: 1, seed: 1, steps: 0..<120, threads: 3)
    defer { loader.stop() }
    var warnings: [String] = []
    for _ in 0..<120 {
      _ = try loader.next()
      warnings += loader.takeWarnings()
    }
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("train/27.png: opening: ") == true)
    #expect(warnings.first?.hasSuffix("(skipped)") == true)
  }

  @Test func `a broken picture of the other domain spoils no example`() throws {
    try unpaired(60, 3)
    try folder.text("trainB/1.png", "no picture")
    #expect(try batches(folder.open(.unpaired), 0..<90, batchSize: 2).count == 90)
  }

  @Test func `more than one in twenty unreadable files stop a run`() throws {
    try folder.noise((10..<50).map { "train/\($0).png" }, 16, 8)
    for name in [20, 30, 40] { try folder.text("train/\(name).png", "no picture") }
    let data = try folder.open(.paired)
    let error = #expect(throws: TesseraError.self) {
      try batches(data, 0..<40, batchSize: 1, threads: 3)
    }
    #expect(
      error?.description.contains("; 3 of 40 cannot be used, which is more than 5 %: repair or")
        == true
    )
  }

  @Test func `data of which nothing can be read do not open`() throws {
    try folder.text("train/1.png", "no picture")
    #expect(folder.complaint(.paired).contains("train/1.png: opening: "))
  }

  @Test(.timeLimit(.minutes(15))) func `waiting is measured, and stopping never hangs`() throws {
    try folder.noise(["train/1.png"], 1200, 600)
    let data = try folder.open(.paired)
    for taken in [0, 1, 3] {
      let loader = ExampleLoader(data, batchSize: 1, seed: 1, steps: 0..<1000, threads: 2)
      for _ in 0..<taken {
        let wait = try loader.next().wait
        #expect(wait >= 0 && wait < 30)
      }
      loader.stop()
      loader.stop()
      #expect(throws: TesseraError.self) { while true { _ = try loader.next() } }
    }
    // Who does nothing but take pictures waits all the time, and no longer.
    let start = ContinuousClock.now
    let loader = ExampleLoader(data, batchSize: 1, seed: 1, steps: 0..<9, threads: 1)
    defer { loader.stop() }
    var waited = 0.0
    for _ in 0..<9 { waited += try loader.next().wait }
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    #expect(waited <= elapsed && waited > elapsed / 2, "\(waited) of \(elapsed) s")
  }

  @Test(.timeLimit(.minutes(15))) func `who waits for pictures is released by the end`() throws {
    try folder.noise(["train/1.png"], 16, 8)
    let loader = ExampleLoader(
      try folder.open(.paired), batchSize: 1, seed: 1, steps: 0..<2, threads: 2)
    _ = try loader.next()
    _ = try loader.next()
    let error = #expect(throws: TesseraError.self) { try loader.next() }
    #expect(error?.reason == "there are no more pictures: the run has ended")
    loader.stop()
  }
}

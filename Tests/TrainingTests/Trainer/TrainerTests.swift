import Base
import Foundation
import Networks
import TestSupport
import Testing

@testable import Training

extension LibtorchTests {
  @Suite struct TrainerTests {
    /// Trains to the end, or until `stop` steps are done.
    @discardableResult
    private static func train(
      _ settings: TrainingSettings, into path: String, stop: Int? = nil
    ) throws -> Trainer.Outcome {
      let run =
        RunDirectory.isRun(path)
        ? try RunDirectory.resume(at: path, method: settings.method.name)
        : try RunDirectory.create(at: path, method: settings.method.name, settings: settings)
      var done = 0
      var observer = Trainer.Observer()
      observer.progress = { done = $0.step }
      observer.isCancelled = { stop.map { done >= $0 } ?? false }
      return try Trainer(run, settings, observer: observer).train()
    }

    static let cases: [(String, Dataset.Kind)] = [
      ("pix2pix", .paired), ("cyclegan", .unpaired), ("cut", .unpaired), ("fastcut", .unpaired),
      ("spade", .labels), ("pix2pixhd", .labels),
    ]

    @Test(arguments: cases)
    func `A run that was stopped ends with the bytes of one that was not`(
      _ method: String, _ kind: Dataset.Kind
    ) throws {
      let small = try SmallRun(kind)
      var settings = try small.settings(method, steps: 8)
      settings.ema = 0.9
      let (whole, parts) = (small.folder.path("whole"), small.folder.path("parts"))
      #expect(try Self.train(settings, into: whole) == .finished)
      #expect(try Self.train(settings, into: parts, stop: 3) == .stopped)
      #expect(try Self.train(settings, into: parts, stop: 6) == .stopped)
      #expect(try Self.train(settings, into: parts) == .finished)
      let (expected, found) = (try SmallRun.remains(whole), try SmallRun.remains(parts))
      #expect(Set(expected.keys) == Set(found.keys))
      for (name, bytes) in expected {
        let isSame = found[name] == bytes
        #expect(isSame, "\(method): \(name)")
      }
      #expect(try LossTable.read("\(whole)/loss.csv").count == 8)
      #expect(try LossTable.read("\(whole)/validation.csv").count == 1)
    }

    @Test func `Another seed gives another network`() throws {
      let small = try SmallRun(.paired)
      var settings = try small.settings("pix2pix", steps: 2)
      try Self.train(settings, into: small.folder.path("a"))
      settings.seed = 1
      try Self.train(settings, into: small.folder.path("b"))
      let states = try ["a", "b"].map { try SmallRun.remains(small.folder.path($0)) }
      let isSame = states[0]["latest_net_G.pth"] == states[1]["latest_net_G.pth"]
      #expect(!isSame)
    }

    @Test func `A loss that is no number stops the run, names the loss and keeps the last state`()
      throws
    {
      let small = try SmallRun(.paired)
      let path = small.folder.path("run")
      var settings = try small.settings("pix2pix", steps: 40)
      try Self.train(settings, into: path, stop: 2)
      try settings.method.set("lambda-l1", "1e60")
      let error = try #require(throws: TesseraError.self) { try Self.train(settings, into: path) }
      #expect(error.description.contains("the loss "))
      #expect(error.description.contains("lower --learning-rate"))
      let last = try #require(CheckpointStore("\(path)/checkpoints").entries.last)
      #expect(error.description.contains(last.path))
      let page = try String(contentsOfFile: "\(path)/index.html", encoding: .utf8)
      #expect(page.contains("stopped"))
      #expect(throws: Never.self) { try CheckpointStore("\(path)/checkpoints").read(last) }
    }

    @Test func `A run may become longer but not another`() throws {
      let small = try SmallRun(.paired)
      let before = try small.settings("pix2pix", steps: 2)
      var longer = before
      (longer.maxSteps, longer.epochs, longer.threads) = (4, 300, 2)
      #expect(throws: Never.self) { try longer.checkResuming(before, run: "run") }
      var other = before
      try other.method.set("ngf", "8")
      let error = #expect(throws: TesseraError.self) {
        try other.checkResuming(before, run: "run")
      }
      #expect(error?.description.contains("ngf") == true)
    }

    @Test func `CUDA that is absent is said before anything is made`() throws {
      try #require(!Torch.hasCUDA)
      let small = try SmallRun(.paired)
      var settings = try small.settings("pix2pix", steps: 2)
      settings.device = .cuda
      let error = #expect(throws: TesseraError.self) { try Trainer.check(settings) }
      #expect(error?.description.contains("--device cuda") == true)
    }

    @Test func `The best state by validation stays, with its networks`() throws {
      let small = try SmallRun(.paired)
      let path = small.folder.path("run")
      try Self.train(small.settings("pix2pix", steps: 6), into: path)
      #expect(CheckpointStore("\(path)/checkpoints").best?.step == 6)
      #expect(FileManager.default.fileExists(atPath: "\(path)/checkpoints/best_net_G.pth"))
    }

    @Test func `A generator starts from another's checkpoint`() throws {
      let small = try SmallRun(.paired)
      var settings = try small.settings("pix2pix", steps: 2)
      try Self.train(settings, into: small.folder.path("first"))
      let first = small.folder.path("first/checkpoints/latest_net_G.pth")
      settings.initial = first
      try settings.method.set("learning-rate", "0")
      try Self.train(settings, into: small.folder.path("second"))
      let (a, b) = (
        try Checkpoint.read(first),
        try Checkpoint.read(small.folder.path("second/checkpoints/latest_net_G.pth"))
      )
      let moved = a.names.filter { $0.hasSuffix("weight") && a[$0]?.floats() != b[$0]?.floats() }
      #expect(moved.isEmpty, "\(moved.prefix(3))")
    }
  }
}

import Foundation
import Networks
import TestSupport
import Testing

@testable import Training

/// A process that is killed at any instant leaves a run that can be resumed.
struct KilledRunTests {
  /// Trains for ever into a folder: every step a row, a page and a checkpoint, the best now and then.
  static func train(into path: String, killedAfter milliseconds: UInt32) throws {
    Thread.detachNewThread {
      usleep(milliseconds * 1000)
      kill(getpid(), SIGKILL)
    }
    let run =
      RunDirectory.isRun(path)
      ? try RunDirectory.resume(at: path, method: "cut")
      : try RunDirectory.create(at: path, method: "cut", settings: ["epochs": 1])
    let store = CheckpointStore(run.checkpoints)
    let start = store.latest()?.checkpoint.step ?? 0
    store.removeAll(after: start)
    let log = try LossLog(run.lossLog, resumingFrom: start, batch: 3)
    for step in (start + 1)... {
      try log.append(
        step: step, epoch: step / 7, seconds: 0, dataWait: 0, losses: [("G", 1 / Double(step))])
      try log.flush()
      try store.save(state(step), step: step, marks: step % 5 == 0 ? [.best] : [])
      try RunReport(title: "run", method: "cut", state: .running).write(to: run.report)
    }
  }

  static func state(_ step: Int) -> CheckpointTensors {
    CheckpointTensors([
      ("w", CheckpointTensor(shape: [50_000], floats: Array(repeating: Float(step), count: 50_000)))
    ])
  }

  @Test func `whenever it is killed, the run goes on from its last step`() async throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("run")
    var last = 0
    for milliseconds in [1, 5, 40, 77, 120, 203, 60, 90] as [UInt32] {
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, milliseconds = milliseconds as UInt32] in
        try KilledRunTests.train(into: path, killedAfter: milliseconds)
      }
      guard RunDirectory.isRun(path) else { continue }
      let store = CheckpointStore("\(path)/checkpoints")
      var warnings: [String] = []
      let latest = store.latest { warnings.append($0) }
      #expect(warnings.isEmpty)
      let step = latest?.checkpoint.step ?? 0
      #expect(step >= last)
      last = step
      #expect(store.entries.count <= 4)
      if let latest {
        let isWhole = latest.file.tensors == Self.state(step)
        #expect(isWhole)
        // Every step up to the checkpoint has its row, once.
        let steps = try LossTable.read("\(path)/loss.csv")["step"]
        let isComplete = steps.prefix(step).elementsEqual((1...step).map { Double($0) })
        #expect(isComplete, "\(steps.count) rows at \(step)")
        #expect(step < 5 || store.best.map { $0.step >= step - 5 } == true)
      }
    }
    #expect(last > 0)
    _ = try RunDirectory.resume(at: path, method: "cut")
    #expect(!folder.contents.contains { $0.contains("tessera-part") })
    if let page = try? String(contentsOfFile: "\(path)/index.html", encoding: .utf8) {
      #expect(page.hasSuffix("</html>\n"))
    }
  }
}

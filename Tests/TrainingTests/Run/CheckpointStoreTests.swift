import Base
import Foundation
import Networks
import TestSupport
import Testing

@testable import Training

struct CheckpointStoreTests {
  private func tensors(_ value: Float, count: Int = 1000) -> CheckpointTensors {
    CheckpointTensors([
      (
        "netG.weight",
        CheckpointTensor(shape: [count], floats: Array(repeating: value, count: count))
      ),
      ("a.moment", CheckpointTensor(shape: [2], floats: [value, -value])),
    ])
  }

  @Test func `the newest, the best and those marked to stay are kept`() throws {
    let folder = try TemporaryDirectory()
    let store = CheckpointStore(folder.url.path)
    for step in 1...12 {
      var marks: Set<SavedCheckpoint.Mark> = step % 5 == 0 ? [.kept] : []
      if [2, 4, 5, 7].contains(step) { marks.insert(.best) }
      try store.save(tensors(Float(step)), step: step, marks: marks)
      if step == 5 {
        #expect(
          folder.contents == [
            "step-00000004.safetensors", "step-00000005.best.kept.safetensors",
          ])
      }
    }
    #expect(
      folder.contents == [
        "step-00000005.kept.safetensors", "step-00000007.best.safetensors",
        "step-00000010.kept.safetensors", "step-00000011.safetensors", "step-00000012.safetensors",
      ])
    #expect(store.best?.step == 7)
    let latest = try #require(store.latest())
    #expect(latest.checkpoint.step == 12)
    #expect(latest.file.tensors["a.moment"]?.floats() == [12, -12])
    #expect(latest.file.tensors.names == ["netG.weight", "a.moment"])
  }

  @Test func `the same state has the same bytes`() throws {
    let (one, two) = (try TemporaryDirectory(), try TemporaryDirectory())
    let pairs = [("step", "7"), ("seed", "0"), ("losses", "{\"a\":1}"), ("method", "cut")]
    let files = try [(one, pairs), (two, pairs.reversed())].map { folder, pairs in
      let saved = try CheckpointStore(folder.url.path).save(
        tensors(3), step: 7, metadata: Dictionary(uniqueKeysWithValues: pairs))
      return try Data(contentsOf: URL(filePath: saved.path))
    }
    let isSame = files[0] == files[1]
    #expect(isSame)
    let file = try #require(CheckpointStore(one.url.path).latest()).file
    #expect(file.metadata == Dictionary(uniqueKeysWithValues: pairs))
  }

  @Test func `a damaged newest state falls back to the one before`() throws {
    let folder = try TemporaryDirectory()
    let store = CheckpointStore(folder.url.path, keepingNewest: 3)
    for step in [10, 20, 30] { try store.save(tensors(Float(step)), step: step) }
    let paths = store.entries.map(\.path)
    let whole = try Data(contentsOf: URL(filePath: paths[2]))
    var flipped = whole
    flipped[whole.count - 100] ^= 1
    for damaged in [Data(), whole.prefix(4), whole.prefix(whole.count - 1), flipped] {
      try damaged.write(to: URL(filePath: paths[2]))
      var warnings: [String] = []
      let latest = try #require(store.latest { warnings.append($0) })
      #expect(latest.checkpoint.step == 20)
      #expect(warnings.count == 1)
      #expect(warnings.first?.hasPrefix("\(paths[2]): reading the ") == true)
      #expect(warnings.first?.contains("going on with the one before") == true)
    }
    try Data([1]).write(to: URL(filePath: paths[1]))
    #expect(store.latest()?.checkpoint.step == 10)
    try Data([1]).write(to: URL(filePath: paths[0]))
    #expect(store.latest() == nil)
    store.removeAll(after: 10)
    #expect(store.entries.map(\.step) == [10])
    #expect(CheckpointStore(folder.path("nowhere")).latest() == nil)
  }

  @Test func `whatever else is in the folder is neither read nor removed`() throws {
    let folder = try TemporaryDirectory()
    let store = CheckpointStore(folder.url.path, keepingNewest: 1)
    let others = [
      ".step-00000099.safetensors.x.tessera-part", "notes.txt", "step-.safetensors",
      "step-00000099.safetensors.bak", "step-099.safetensors", "step-00000099.mine.safetensors",
      "step-00000099.kept.best.safetensors", "step--0000099.safetensors",
    ]
    for name in others { try Data([1]).write(to: URL(filePath: folder.path(name))) }
    for step in 1...3 { try store.save(tensors(1), step: step) }
    #expect(store.entries.map(\.step) == [3])
    #expect(folder.contents == (others + ["step-00000003.safetensors"]).sorted())
    try store.save(tensors(1), step: 1_234_567_890)
    #expect(store.entries.map(\.step) == [1_234_567_890])
  }

  @Test func `what a process that was killed leaves is put in order by the next state`() throws {
    let folder = try TemporaryDirectory()
    let store = CheckpointStore(folder.url.path)
    for step in 1...2 { try store.save(tensors(1), step: step, marks: step == 1 ? [.best] : []) }
    // Killed after a new best was saved, before the old one lost its mark and its file.
    try FileManager.default.copyItem(
      atPath: store.entries[1].path, toPath: folder.path("step-00000003.best.safetensors"))
    #expect(store.best?.step == 3)
    #expect(store.latest()?.checkpoint.step == 3)
    try store.save(tensors(4), step: 4)
    #expect(folder.contents == ["step-00000003.best.safetensors", "step-00000004.safetensors"])
    // The same step again, with and without a mark.
    try store.save(tensors(5), step: 3, marks: [.kept])
    #expect(
      folder.contents == ["step-00000003.best.kept.safetensors", "step-00000004.safetensors"])
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs to mount a file system"))
  func `a disk that fills up leaves the states that are there`() throws {
    let folder = try TemporaryDirectory()
    let disk = folder.path("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    let small = try SmallDisk(at: URL(filePath: disk), kilobytes: 256)
    defer { small.remove() }
    let store = CheckpointStore(disk)
    try store.save(tensors(1, count: 20_000), step: 1)
    try store.save(tensors(2, count: 20_000), step: 2)
    let before = folder.contents
    let error = #expect(throws: TesseraError.self) {
      try store.save(tensors(3, count: 30_000), step: 3, marks: [.best])
    }
    #expect(
      error?.description.contains("step-00000003.best.safetensors: writing the safetensors file")
        == true)
    #expect(error?.description.contains("the disk is full") == true)
    #expect(folder.contents == before)
    #expect(store.latest()?.file.tensors["a.moment"]?.floats() == [2, -2])
    // A log says so too, and goes on once there is room.
    let log = try LossLog("\(disk)/loss.csv", losses: ["a"], batch: 1)
    let filler = "\(disk)/filler"
    try? Data(count: 90_000).write(to: URL(filePath: filler))
    var steps = 0
    let full = #expect(throws: TesseraError.self) {
      while steps < 20_000 {
        steps += 1
        try log.append(step: steps, epoch: 1, seconds: 0, dataWait: 0, losses: [("a", 0.123456)])
      }
    }
    #expect(full?.description.contains("loss.csv: writing the table: the disk is full") == true)
    unlink(filler)
    try log.flush()
    #expect(try LossTable.read("\(disk)/loss.csv")["step"].count == steps)
  }
}

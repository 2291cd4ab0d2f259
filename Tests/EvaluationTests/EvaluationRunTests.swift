import Base
import Foundation
import Metrics
import Synchronization
import TestSupport
import Testing

@testable import Evaluation

struct EvaluationRunTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// Writes directories with images of these names; a size of 0 is a file that is no image.
  private func sets(_ results: [String: Int], _ targets: [String: Int]) throws -> EvaluatedSets {
    for (directory, images) in [("result", results), ("target", targets)] {
      try FileManager.default.createDirectory(
        atPath: folder.path(directory), withIntermediateDirectories: true)
      for (name, width) in images {
        let path = folder.path("\(directory)/\(name).ppm")
        if width == 0 {
          try Data("none".utf8).write(to: URL(filePath: path))
        } else {
          try TestImages.writePPM(path, width: width, height: 30)
        }
      }
    }
    return try EvaluatedSets(
      result: folder.path("result"), target: folder.path("target"), input: nil, mask: nil)
  }

  private func run(
    _ sets: EvaluatedSets, _ pairs: Set<PairedMetric>, _ metrics: Set<SetMetric> = [],
    _ observer: EvaluationRun.Observer = EvaluationRun.Observer()
  ) throws -> Evaluation {
    try EvaluationRun(
      sets, MetricChoice((pairs, metrics), sets), hounsfield: LevelRange(-1024, 3000),
      pool: WorkerPool(count: 2), observer: observer
    ).evaluate()
  }

  private func object(_ line: String?) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data((line ?? "").utf8)) as? [String: Any])
  }

  @Test func `files are matched by name, and those without a partner are counted`() throws {
    let sets = try sets(["a": 40, "b": 40], ["b": 40, "c": 40, "d": 40])
    #expect(sets.isDirectory && sets.hasPairs && sets.unmatched == 3)
    #expect(sets.items.map(\.name) == ["a", "b"])
    #expect(sets.items.map { $0.target != nil } == [false, true])
    #expect(sets.notes.count == 2 && sets.notes[1].hasSuffix("\(folder.path("result")): c, d"))
  }

  @Test func `JSON of a run has a line an image and the keys of the documentation`() throws {
    let sets = try sets(["a": 40, "b": 40], ["a": 40])
    let lines = EvaluationJSON(try run(sets, [.mae, .psnr], [.histogram])).lines
    #expect(lines.count == 3)
    let image = try object(lines.first)
    #expect(
      Set(image.keys) == ["name", "result", "target", "metrics", "pixels", "notes", "status"])
    #expect(image["status"] as? String == "compared" && image["pixels"] as? Int == 1200)
    let metrics = try #require(image["metrics"] as? [String: Any])
    #expect(metrics["mae"] as? Double == 0 && metrics["psnr"] is NSNull)
    #expect(try object(lines[1])["status"] as? String == "unpaired")
    let whole = try object(lines.last)
    #expect(
      Set(whole.keys) == [
        "result", "target", "images", "compared", "failed", "unmatched", "summary", "sets", "notes",
      ])
    #expect((whole["summary"] as? [String: Any])?.keys.sorted() == ["mae", "psnr"])
    #expect(
      (whole["sets"] as? [String: Any])?.keys.sorted() == ["histogram", "histogram-correlation"])
  }

  @Test func `an image that fails is told once, and stops nothing else`() throws {
    let sets = try sets(["a": 40, "bad": 0, "c": 41], ["a": 40, "bad": 40, "c": 40])
    let failures = Mutex<[String]>([])
    let evaluation = try run(
      sets, [.mae], [.histogram],
      EvaluationRun.Observer(failed: { line in failures.withLock { $0.append(line) } }))
    #expect(evaluation.images.map { $0.pair != nil } == [true, false, false])
    #expect(failures.withLock { $0 } == evaluation.failures.map(\.reason))
    #expect(evaluation.failures.count == 2 && !evaluation.isEmpty)
    #expect(
      evaluation.images[2].failure?.hasPrefix(
        "\(folder.path("result/c.ppm")): comparing with \(folder.path("target/c.ppm")): it has ")
        == true)
  }

  @Test func `a run that is cancelled ends with what says so`() throws {
    let sets = try sets(["a": 40], ["a": 40])
    let observer = EvaluationRun.Observer(isCancelled: { true })
    for metrics: (Set<PairedMetric>, Set<SetMetric>) in [([.mae], []), ([], [.histogram])] {
      #expect(throws: TesseraError.cancelled) { try run(sets, metrics.0, metrics.1, observer) }
    }
  }
}

import Foundation
import Inference

/// A CycleGAN step against PyTorch's, and CUT's against CycleGAN's.
struct TrainingRates {
  let engine: InferenceEngine
  /// The program that runs `peers/cyclegan_step.py`.
  let python: String
  let script: String
  let work: String

  private static let steps = 3

  /// Adds a line a bar; all sides take turns, so that whatever else runs meets all alike.
  func measure(rounds: Int, report: inout Report) throws {
    let data = try TrainingRun.pictures(work)
    let precisions = engine.supportsBF16 ? ["bf16", "f32"] : ["f32"]
    let peer = try? PeerProcess(python, [script, "\(TrainingRun.side)"])
    var theirs: [Double] = []
    var ours: [String: [Double]] = [:]
    var (cut, cyclegan): ([TrainingRun], [TrainingRun]) = ([], [])
    var (wait, all) = (0.0, 0.0)
    func trained(_ method: String, _ options: [String] = []) throws -> TrainingRun {
      let run = try TrainingRun(method, options, count: Self.steps, data: data, work: work)
      wait += run.dataWait
      all += run.steps.reduce(0, +)
      return run
    }
    for _ in 0..<rounds {
      if let peer { for _ in 0..<Self.steps { theirs.append(try peer.next().seconds) } }
      for precision in precisions {
        ours[precision, default: []] += try trained("cyclegan", ["--precision", precision]).steps
      }
      cut.append(try trained("cut"))
      // The paper compares both with CUT's generator.
      cyclegan.append(try trained("cyclegan", ["--antialias"]))
    }
    peer?.stop()
    let name = "CycleGAN step, ResNet-9 ngf 64, \(TrainingRun.side)²"
    if theirs.isEmpty {
      report.add(name, "PyTorch left out: run scripts/oracles DIR torch", bar: "–")
    }
    for precision in ["bf16", "f32"] where !theirs.isEmpty {
      let bar = precision == "bf16" ? 1.3 : 0.7
      guard let steps = ours[precision] else {
        report.add("\(name), bf16, against PyTorch f32", "no bf16 here", bar: "\(bar) times")
        continue
      }
      let ratio = median(theirs) / median(steps)
      report.add(
        "\(name), \(precision), against PyTorch f32",
        "\(short(ratio)) times (\(short(median(steps))) s to \(short(median(theirs))) s)",
        bar: "\(bar) times", isMet: ratio >= bar)
    }
    let time = median(zip(cut, cyclegan).map { median($0.steps) / median($1.steps) })
    report.add(
      "CUT step against a CycleGAN step of the same generator, f32",
      "\(short(time)) (\(short(median(cut.flatMap(\.steps)))) s to "
        + "\(short(median(cyclegan.flatMap(\.steps)))) s)", bar: "0.65", isMet: time <= 0.65)
    let memory = median(zip(cut, cyclegan).map { $0.peakMegabytes / $1.peakMegabytes })
    report.add(
      "the same, peak memory",
      "\(short(memory)) (\(short(median(cut.map(\.peakMegabytes)))) MB to "
        + "\(short(median(cyclegan.map(\.peakMegabytes)))) MB)", bar: "0.75", isMet: memory <= 0.75)
    report.add(
      "share of the time of steps spent waiting for data", "\(short(100 * wait / all)) %",
      bar: "3 %", isMet: wait <= 0.03 * all)
  }
}

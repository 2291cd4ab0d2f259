import Foundation
import Inference
import ModelGraph

/// One window through a large generator, against the same network in PyTorch.
struct GeneratorRates {
  static let side = 512
  let generator: Generator
  let engine: InferenceEngine
  /// The program that runs `peers/resnet_generator.py`.
  let python: String
  let script: String

  /// Adds a line for each precision that the processor has.
  func measure(runs: Int, report: inout Report) throws {
    let onnx = try generator.frozen().onnx()
    let precisions: [InferenceOptions.Precision] = engine.supportsBF16 ? [.bf16, .f32] : [.f32]
    let models = try precisions.map { precision in
      try engine.compile(
        onnx: onnx,
        options: InferenceOptions(
          precision: precision, inputShapes: [[1, 3, Self.side, Self.side]]))
    }
    let picture = RandomParameters.noise(3 * Self.side * Self.side, seed: "picture")
    for model in models { _ = try model.run([picture]) }
    let peer: PeerProcess
    do {
      peer = try PeerProcess(python, [script, "\(Self.side)"])
    } catch {
      return report.add(
        "ResNet-9 ngf 64, \(Self.side)², against PyTorch", "left out: \(error)", bar: "–")
    }
    // One after the other in every round, so that whatever else runs meets all alike.
    var ours = [[Effort]](repeating: [], count: models.count)
    var theirs: [Effort] = []
    for round in 0...runs {
      let their = try peer.next()
      let our = try models.map { model in
        try Effort { try model.run(write: { _, _ in }, read: { _, _ in }) }
      }
      guard round > 0 else { continue }
      theirs.append(their)
      for index in our.indices { ours[index].append(our[index]) }
    }
    peer.stop()
    if !engine.supportsBF16 {
      report.add(
        "ResNet-9 ngf 64, \(Self.side)², bf16, against PyTorch f32",
        "this processor has no bf16", bar: "2.5 times")
    }
    for (precision, efforts) in zip(precisions, ours) {
      let ratio = median(zip(theirs, efforts).map { $0.seconds / $1.seconds })
      let processor = median(zip(theirs, efforts).map { $0.processorSeconds / $1.processorSeconds })
      let bar = precision == .bf16 ? 2.5 : 1.2
      report.add(
        "ResNet-9 ngf 64, \(Self.side)², \(precision.rawValue), against PyTorch f32",
        "\(short(ratio)) times (\(short(median(efforts.map(\.seconds)))) s to"
          + " \(short(median(theirs.map(\.seconds)))) s; by processor time \(short(processor)))",
        bar: "\(bar) times", isMet: ratio >= bar)
    }
  }
}

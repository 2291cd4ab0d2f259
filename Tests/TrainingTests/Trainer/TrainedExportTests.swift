import Base
import Foundation
import Inference
import ModelGraph
import Networks
import TestSupport
import Testing

@testable import Training

extension LibtorchTests {
  /// What a run leaves computes what was trained.
  @Suite(.enabled(if: (try? InferenceEngine()) != nil, "OpenVINO is missing: run make setup"))
  struct TrainedExportTests {
    @Test(arguments: TrainerTests.cases)
    func `A checkpoint run by OpenVINO equals the training graph`(
      _ method: String, _ kind: Dataset.Kind
    ) throws {
      let small = try SmallRun(kind)
      let path = small.folder.path("run")
      let settings = try small.settings(method, steps: 3)
      let run = try RunDirectory.create(at: path, method: method, settings: settings)
      let trainer = try Trainer(run, settings, observer: Trainer.Observer())
      #expect(try trainer.train() == .finished)

      let file = "\(path)/checkpoints/latest_net_\(trainer.method.generatorName).pth"
      let network = try Architecture.recognize(Checkpoint.read(file))
      let channels = network.inputChannels
      var numbers = SeededNumbers(seed: 3, .samples)
      var values = (0..<(channels * 32 * 32)).map { _ in Float(2 * numbers.unit() - 1) }
      if kind == .labels {
        values = values.indices.map { $0 % (32 * 32) / 64 % channels == $0 / (32 * 32) ? 1 : 0 }
      }
      let shape = [1, channels, 32, 32]
      let batch = TensorBatch(
        source: Tensor(values, shape: shape), target: Tensor(values, shape: shape))
      let expected = try Torch.withoutGradients { () throws(TesseraError) in
        try trainer.method.translated(batch)
      }.values
      let model = try InferenceEngine().compile(
        onnx: network.graph.onnx(),
        options: InferenceOptions(precision: .f32, inputShapes: [shape]))
      let found = try #require(try model.run([values]).first)
      #expect(found.count == expected.count)
      let largest = zip(found, expected).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      #expect(largest < 1e-4, "\(method): \(largest)")
      #expect(expected.contains { abs($0) > 1e-3 })
    }
  }
}

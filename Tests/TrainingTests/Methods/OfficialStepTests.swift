import Foundation
import ModelGraph
import Networks
import TestSupport
import Testing

@testable import Training

/// Three optimiser steps of the official losses, as PyTorch did them.
@Suite(.enabled(if: SharedData.isPresent, "needs the shared test data"), .serialized)
struct OfficialStepTests {
  @Test func `Pix2Pix follows the official code for three steps`() throws {
    var settings = Pix2Pix.Configuration()
    settings.networks.generator = .unet(side: 64)
    settings.networks.width = 8
    settings.networks.discriminatorWidth = 8
    settings.networks.hasDropout = false
    let method = try Pix2Pix(settings, MethodSetting())
    try OfficialSteps("pix2pix").follow(method)
  }

  @Test(.disabled("step 1 differs from the reference: not settled"))
  func `CycleGAN follows the official code for three steps`() throws {
    var settings = CycleGAN.Configuration()
    settings.networks.generator = .resnet(blocks: 6)
    settings.networks.width = 8
    settings.networks.discriminatorWidth = 8
    let method = try CycleGAN(settings, MethodSetting())
    try OfficialSteps("cyclegan").follow(method)
  }

  @Test(.disabled("step 1 differs from the reference: not settled"))
  func `CUT follows the official code for three steps`() throws {
    var settings = CUT.Configuration()
    settings.networks.width = 8
    settings.networks.discriminatorWidth = 8
    settings.patches = 64
    settings.featureLength = 32
    let steps = try OfficialSteps("cut")
    let method = try CUT(settings, MethodSetting())
    method.chooseNumbers = { layer, isIdentity, _, context in
      steps.indices("ids.\(context.index).\(isIdentity ? "B" : "A").\(layer)")
    }
    try steps.follow(method)
  }

  @Test(.disabled("step 1 differs from the reference: not settled"))
  func `SPADE follows the official code for three steps`() throws {
    var settings = SPADE.Configuration()
    settings.width = 2
    settings.discriminatorWidth = 8
    var setting = MethodSetting()
    setting.sourceChannels = 6
    let method = try SPADE(settings, setting)
    try OfficialSteps("spade").follow(method)
  }

  @Test func `Pix2PixHD follows the official code for three steps`() throws {
    var settings = Pix2PixHD.Configuration()
    settings.width = 8
    settings.discriminatorWidth = 8
    settings.downs = 3
    settings.blocks = 3
    var setting = MethodSetting()
    setting.sourceChannels = 6
    let method = try Pix2PixHD(settings, setting)
    try OfficialSteps("pix2pixhd").follow(method)
  }
}

/// The files of one method.
struct OfficialSteps {
  private let batch: CheckpointTensors
  private let before: CheckpointTensors
  private let after: CheckpointTensors
  private let losses: [[String: Double]]

  init(_ name: String) throws {
    func tensors(_ part: String) throws -> CheckpointTensors {
      try SafetensorsFile.read(SharedData.path("reference/steps/\(name).\(part).safetensors"))
        .tensors
    }
    (batch, before, after) = (try tensors("batch"), try tensors("init"), try tensors("after"))
    let json = try Data(
      contentsOf: URL(filePath: SharedData.path("reference/steps/\(name).losses.json")))
    losses = try JSONDecoder().decode([[String: Double]].self, from: json)
  }

  func indices(_ name: String) -> [Int] { batch[name]?.floats().map { Int($0) } ?? [] }

  /// Takes the steps with `method` and compares losses and parameters.
  func follow(_ method: some TrainingMethod) throws {
    for (name, network) in method.networks { try network.load(before, prefix: "\(name).") }
    for (index, expected) in losses.enumerated() {
      let found = try method.step(
        try batch(index, classes: 6), StepContext(index: index, seed: 0))
      try Torch.check()
      #expect(Set(found.map(\.name)) == Set(expected.keys))
      for loss in found {
        let value = expected[loss.name] ?? .nan
        // Verdicts of 1e-9 are nothing against a loss of 1.
        #expect(
          abs(loss.value - value) <= 1e-3 * max(abs(value), 1e-3),
          "step \(index): \(loss.name) is \(loss.value), should be \(value)")
      }
    }
    for (name, network) in method.networks {
      let excepted = network.biasesBeforeNorms
      for (parameter, tensor) in network.checkpoint where !excepted.contains(parameter) {
        guard let wanted = after["\(name).\(parameter)"]?.floats() else {
          #expect(parameter.hasSuffix("num_batches_tracked"), "\(name).\(parameter)")
          continue
        }
        let difference = zip(tensor.floats(), wanted).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
        #expect(difference <= 1e-4, "\(name).\(parameter) differs by \(difference)")
      }
    }
  }

  private func batch(_ index: Int, classes: Int) throws -> TensorBatch {
    let target = try #require(picture("B", index))
    if let source = picture("A", index) { return TensorBatch(source: source, target: target) }
    let labels = try #require(batch["label"])
    let shape = Array(labels.shape.dropFirst())
    let count = shape.reduce(1, *)
    let ids = labels.floats()[(index * count)..<((index + 1) * count)].map { Int($0) }
    let area = shape[1] * shape[2]
    var channels = [Float](repeating: 0, count: shape[0] * classes * area)
    for (place, id) in ids.enumerated() {
      channels[(place / area * classes + id) * area + place % area] = 1
    }
    return TensorBatch(
      source: Tensor(channels, shape: [shape[0], classes, shape[1], shape[2]]), target: target)
  }

  private func picture(_ name: String, _ index: Int) -> Tensor? {
    guard let all = batch[name] else { return nil }
    let shape = Array(all.shape.dropFirst())
    let count = shape.reduce(1, *)
    return Tensor(
      Array(all.floats()[(index * count)..<((index + 1) * count)]), shape: shape)
  }
}

extension TrainableNetwork {
  /// Biases that a norm takes away again: their true gradient is 0, and Adam amplifies rounding.
  var biasesBeforeNorms: Set<String> {
    let form = architecture.trainingForm
    let norms: Set = ["InstanceNormalization", "BatchNormalization"]
    let normed = Set(form.graph.nodes.filter { norms.contains($0.op) }.map { $0.inputs[0] })
    return Set(
      form.graph.nodes.filter { normed.contains($0.outputs[0]) }.compactMap { $0.input(2) })
  }
}

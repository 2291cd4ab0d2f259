import Base
import Foundation
import Networks
import TestSupport

@testable import Training

/// Three steps of a method as PyTorch did them: where they start, what they see, what comes out.
struct OfficialSteps {
  let before: CheckpointTensors
  let after: CheckpointTensors
  var losses: [[String: Double]]
  private let pictures: CheckpointTensors

  init(_ name: String) throws {
    func tensors(_ part: String) throws -> CheckpointTensors {
      try SafetensorsFile.read(SharedData.path("reference/steps/\(name).\(part).safetensors"))
        .tensors
    }
    (pictures, before, after) = (try tensors("batch"), try tensors("init"), try tensors("after"))
    let json = try Data(
      contentsOf: URL(filePath: SharedData.path("reference/steps/\(name).losses.json")))
    losses = try JSONDecoder().decode([[String: Double]].self, from: json)
  }

  func indices(_ name: String) -> [Int] { pictures[name]?.floats().map { Int($0) } ?? [] }

  /// The pictures of a step; label maps of six classes become six channels.
  func batch(_ index: Int) throws -> TensorBatch {
    guard let target = picture("B", index) else {
      throw TesseraError("official steps", "reading them", "no pictures of step \(index)")
    }
    if let source = picture("A", index) { return TensorBatch(source: source, target: target) }
    guard let labels = pictures["label"] else {
      throw TesseraError("official steps", "reading them", "no labels")
    }
    let (images, area, classes) = (labels.shape[1], labels.shape[2] * labels.shape[3], 6)
    let ids = labels.floats()[(index * images * area)...].prefix(images * area)
    var channels = [Float](repeating: 0, count: images * classes * area)
    for (place, id) in zip(0..., ids) {
      channels[(place / area * classes + Int(id)) * area + place % area] = 1
    }
    return TensorBatch(
      source: Tensor(channels, shape: [images, classes] + labels.shape[2...]), target: target)
  }

  private func picture(_ name: String, _ index: Int) -> Tensor? {
    guard let all = pictures[name] else { return nil }
    let shape = Array(all.shape.dropFirst())
    let count = shape.reduce(1, *)
    return Tensor(Array(all.floats()[(index * count)...].prefix(count)), shape: shape)
  }

  /// Takes the steps and says what differs: losses by more than 1e-3, parameters by more than 1e-4.
  ///
  /// `scale` is the size below which the losses of a step are nothing.
  func differences(
    _ method: some TrainingMethod, scale: Double = 1e-3, comparesParameters: Bool = true
  ) throws -> [String] {
    var differences: [String] = []
    for (name, network) in method.networks { try network.load(before, prefix: "\(name).") }
    for (index, expected) in losses.enumerated() {
      let found = try method.step(try batch(index), StepContext(index: index, seed: 0))
      try Torch.check()
      let names = found.map(\.name).sorted()
      if names != expected.keys.sorted() { differences.append("the losses are \(names)") }
      for loss in found {
        let value = expected[loss.name] ?? .nan
        guard abs(loss.value - value) <= 1e-3 * max(abs(value), scale) else {
          differences.append("step \(index): \(loss.name) is \(loss.value), should be \(value)")
          continue
        }
      }
    }
    guard comparesParameters else { return differences }
    for (name, network) in method.networks {
      let excepted = network.biasesBeforeNorms
      for (parameter, tensor) in network.checkpoint where !excepted.contains(parameter) {
        guard let wanted = after["\(name).\(parameter)"]?.floats() else {
          if !parameter.hasSuffix("num_batches_tracked") {
            differences.append("\(parameter) is new")
          }
          continue
        }
        let worst = zip(tensor.floats(), wanted).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
        if !(worst <= 1e-4) { differences.append("\(name).\(parameter) differs by \(worst)") }
      }
    }
    return differences
  }
}

extension TrainableNetwork {
  /// Biases that a norm takes away again: their true gradient is 0, and Adam amplifies rounding.
  fileprivate var biasesBeforeNorms: Set<String> {
    let nodes = architecture.trainingForm.graph.nodes
    let norms: Set = ["InstanceNormalization", "BatchNormalization"]
    let normed = Set(nodes.filter { norms.contains($0.op) }.map { $0.inputs[0] })
    return Set(nodes.filter { normed.contains($0.outputs[0]) }.compactMap { $0.input(2) })
  }
}

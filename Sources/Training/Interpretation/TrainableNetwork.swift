import Base
import ModelGraph
import Networks

/// A network with parameters that an optimizer can change.
final class TrainableNetwork {
  /// The network whose parameters these are.
  let architecture: any Network
  let parameters: [ParameterRequest]
  /// Parameters and buffers under their names in a checkpoint.
  private(set) var tensors: [String: Tensor] = [:]
  var name: String { architecture.name }
  private let interpreter: GraphInterpreter
  private let modules: [String: String]
  private let device: TrainingDevice
  private let roles: [String: ParameterRequest.Role]

  /// Starts a network as its published code does.
  init(
    _ network: some Network, initialization: Initialization, numbers: inout SeededNumbers,
    device: TrainingDevice
  ) throws(TesseraError) {
    let form = network.trainingForm
    architecture = network
    parameters = form.parameters
    modules = form.modules
    self.device = device
    interpreter = try GraphInterpreter(form.graph, device: device)
    roles = Dictionary(form.parameters.map { ($0.name, $0.role) }) { first, _ in first }
    for request in form.parameters where tensors[request.name] == nil {
      let values = initialization.values(request, among: form.parameters, &numbers)
      let tensor = Tensor(values, shape: request.shape, device: device)
      if !request.role.isBuffer { tensor.requireGradient() }
      tensors[request.name] = tensor
    }
  }

  /// What the optimizer changes, in the order of the layers.
  var learned: [(name: String, tensor: Tensor)] {
    parameters.compactMap { request in
      guard !request.role.isBuffer, let tensor = tensors[request.name] else { return nil }
      return (request.name, tensor)
    }
  }

  /// Whether backward passes gather gradients for this network.
  func requireGradients(_ required: Bool) {
    for (_, tensor) in learned { tensor.requireGradient(required) }
  }

  /// Forgets gathered gradients.
  func clearGradients() { for (_, tensor) in learned { tensor.clearGradient() } }

  /// The network's outputs for its only input, in the order of the graph.
  func callAsFunction(_ input: Tensor) throws(TesseraError) -> [Tensor] {
    try outputs([input])
  }

  /// The network's outputs for its inputs, in the order of the graph.
  func outputs(
    _ inputs: [Tensor], mode: GraphInterpreter.Mode = .training
  ) throws(TesseraError) -> [Tensor] {
    try run(inputs, wanted: interpreter.graph.outputs, mode: mode)
  }

  /// The network's only output.
  func output(
    _ inputs: Tensor..., mode: GraphInterpreter.Mode = .training
  ) throws(TesseraError) -> Tensor {
    try run(inputs, wanted: [interpreter.graph.outputs[0]], mode: mode)[0]
  }

  /// What the modules of these names make, such as "model.4", and the network's output last if
  /// asked for.
  func features(
    _ input: Tensor, modules names: [String], mode: GraphInterpreter.Mode = .training,
    withOutput: Bool = false
  ) throws(TesseraError) -> [Tensor] {
    var wanted: [String] = []
    for name in names {
      guard let value = modules[name] else {
        let known = modules.keys.sorted { $0.localizedStandardCompare($1) == .orderedAscending }
        throw TesseraError(
          self.name, "choosing layers",
          "there is no layer \(name); it has \(known.joined(separator: ", "))")
      }
      wanted.append(value)
    }
    if withOutput { wanted.append(interpreter.graph.outputs[0]) }
    return try run([input], wanted: wanted, mode: mode)
  }

  private func run(
    _ inputs: [Tensor], wanted: [String], mode: GraphInterpreter.Mode
  ) throws(TesseraError) -> [Tensor] {
    let names = interpreter.graph.inputs.map(\.name)
    let bound = Dictionary(zip(names, inputs)) { first, _ in first }
    var divided: [String: Tensor] = [:]
    if mode == .training { countBatch() }
    return try interpreter.run(bound, wanted: wanted, mode: mode) { name in
      if let tensor = self.tensors[name] { return tensor }
      if let tensor = divided[name] { return tensor }
      let weight = self.spectralWeight(name, mode)
      divided[name] = weight
      return weight
    }
  }

  /// "x.weight" of a spectral norm, from "x.weight_orig".
  private func spectralWeight(_ name: String, _ mode: GraphInterpreter.Mode) -> Tensor? {
    guard let weight = tensors["\(name)_orig"], let u = tensors["\(name)_u"],
      let v = tensors["\(name)_v"]
    else { return nil }
    return weight.spectrallyNormalized(u, v, iterates: mode == .training)
  }

  private func countBatch() {
    for request in parameters where request.role == .batchCount {
      guard let count = tensors[request.name] else { continue }
      count.assign([Float(count.item) + 1])
    }
  }
}

extension TrainableNetwork {
  /// Parameters and buffers as a checkpoint holds them, in the order of the layers.
  var checkpoint: CheckpointTensors {
    CheckpointTensors(
      parameters.compactMap { request in
        tensors[request.name].map {
          (request.name, CheckpointTensor(shape: request.shape, floats: $0.values))
        }
      })
  }

  /// Takes over what a checkpoint holds; throws where something is missing or of another shape.
  ///
  /// Blur kernels and counters may be missing.
  func load(_ source: CheckpointTensors, prefix: String = "") throws(TesseraError) {
    for request in parameters {
      guard let stored = source[prefix + request.name] else {
        if request.role == .blurKernel || request.role == .batchCount { continue }
        throw TesseraError(name, "loading the parameters", "\(prefix)\(request.name) is missing")
      }
      guard stored.count == request.shape.reduce(1, *) else {
        throw TesseraError(
          name, "loading the parameters",
          "\(prefix)\(request.name) is \(stored.shape), the network has \(request.shape)")
      }
      tensors[request.name]?.assign(stored.floats())
    }
  }

  /// Takes over what a checkpoint has under the same names and shapes; returns how many tensors.
  ///
  /// A global generator of Pix2PixHD fits into the local one around it.
  func adopt(_ source: CheckpointTensors) -> Int {
    var count = 0
    for request in parameters {
      guard let stored = source[request.name], stored.shape == request.shape else { continue }
      tensors[request.name]?.assign(stored.floats())
      count += 1
    }
    return count
  }
}

import ModelGraph
import Networks

/// Parameters for whatever a network asks for.
struct MadeUpParameters: ParameterSource {
  private let requests: [String: ParameterRequest]
  let names: [String]

  init(for network: some Network) {
    let parameters = network.parameters
    requests = Dictionary(parameters.map { ($0.name, $0) }) { first, _ in first }
    names = parameters.map(\.name)
  }

  func shape(of name: String) -> [Int]? { requests[name]?.shape }

  func floats(_ name: String) throws(ModelError) -> [Float] {
    guard let request = requests[name] else { return [] }
    let seed = name.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
    let shape = request.shape
    switch request.role {
    case .normScale, .runningVariance: return Tensor(shape, seed: seed, in: 0.7...1.3).values
    case .bias, .normShift, .runningMean:
      return Tensor(shape, seed: seed, in: -0.1...0.1).values
    default:
      let inputs = shape.dropFirst().reduce(1, *)
      let bound = (3 / Float(max(inputs, 1))).squareRoot()
      return Tensor(shape, seed: seed, in: -bound...bound).values
    }
  }
}

extension Network {
  /// The network with parameters that are the same in every run.
  func madeUp() throws -> Graph { try graph(from: MadeUpParameters(for: self)) }
}

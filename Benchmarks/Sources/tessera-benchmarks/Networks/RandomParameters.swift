import ModelGraph
import Networks

/// Parameters of a network at the start of training: numbers from a seed, norms that do nothing.
struct RandomParameters: ParameterSource {
  let names: [String]
  private let requests: [String: ParameterRequest]

  init(for network: some Network) {
    let parameters = network.parameters
    names = parameters.map(\.name)
    requests = Dictionary(parameters.map { ($0.name, $0) }) { first, _ in first }
  }

  func shape(of name: String) -> [Int]? { requests[name]?.shape }

  func floats(_ name: String) throws(ModelError) -> [Float] {
    guard let request = requests[name] else { return [] }
    let count = request.shape.reduce(1, *)
    switch request.role {
    case .normScale, .runningVariance: return [Float](repeating: 1, count: count)
    case .convolution, .transposedConvolution, .linear:
      // He's variance: values keep their size from layer to layer.
      let fan = Float(max(1, request.shape.dropFirst().reduce(1, *)))
      return Self.noise(count, seed: name).map { $0 * (6 / fan).squareRoot() }
    default: return [Float](repeating: 0, count: count)
    }
  }

  /// Numbers from -1 to 1 (SplitMix64).
  static func noise(_ count: Int, seed: String) -> [Float] {
    var state = seed.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return (0..<count).map { _ in
      state &+= 0x9e37_79b9_7f4a_7c15
      var value = state
      value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
      value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
      value ^= value >> 31
      return Float(value >> 40) / Float(1 << 23) - 1
    }
  }
}

import Base
import Networks
import Testing

@testable import Training

extension LibtorchTests {
  /// Against the formulas of PyTorch's `nn.init`.
  @Suite struct InitializationTests {
    private func draw(_ initialization: Initialization) throws -> [String: [Float]] {
      var network = ResNetGenerator()
      network.blocks = 1
      network.blursDown = true
      network.blursUp = true
      var numbers = SeededNumbers(seed: 0, .parameters, 1)
      let trainable = try TrainableNetwork(
        network, initialization: initialization, numbers: &numbers, device: .cpu)
      return trainable.tensors.mapValues(\.values)
    }

    private func deviation(_ values: [Float]) -> Double {
      let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
      let sum = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      return (sum / Double(values.count)).squareRoot()
    }

    // Of a weight [256, 256, 3, 3], whose fan in and fan out are 2304.
    private static let spreads: [(Initialization.Kind, Double)] = [
      (.normal, 0.02), (.xavier, 0.02 / 48), (.kaiming, 0.029463), (.orthogonal, 0.02 / 48),
    ]

    @Test(arguments: spreads)
    func `Weights have the published spread`(
      _ kind: Initialization.Kind, _ expected: Double
    ) throws {
      let values = try #require(draw(Initialization(kind))["model.12.conv_block.1.weight"])
      #expect(abs(deviation(values) / expected - 1) < 0.02)
    }

    @Test func `Orthogonal rows are orthogonal`() throws {
      let values = try #require(
        draw(Initialization(.orthogonal, gain: 1))["model.12.conv_block.1.weight"])
      let length = values.count / 256
      func dot(_ a: Int, _ b: Int) -> Float {
        (0..<length).reduce(0) { $0 + values[a * length + $1] * values[b * length + $1] }
      }
      for (a, b) in [(0, 1), (3, 200), (254, 255)] { #expect(abs(dot(a, b)) < 1e-5) }
      for row in [0, 100, 255] { #expect(abs(dot(row, row) - 1) < 1e-5) }
    }

    @Test func `Biases start at 0, or within Pix2PixHD's bound`() throws {
      let name = "model.12.conv_block.1.bias"
      let zero = try #require(draw(Initialization())[name])
      #expect(zero.allSatisfy { $0 == 0 })
      let drawn = try #require(draw(Initialization(drawsBiases: true))[name])
      let bound = Float(1 / (9.0 * 256).squareRoot())
      #expect(drawn.allSatisfy { abs($0) <= bound })
      #expect(abs(deviation(drawn) / (Double(bound) / 3.0.squareRoot()) - 1) < 0.1)
    }

    @Test func `Blur kernels keep the brightness`() throws {
      let values = try draw(Initialization())
      let down = try #require(values["model.7.filt"])
      let up = try #require(values["model.13.filt"])
      #expect(abs(down.prefix(9).reduce(0, +) - 1) < 1e-6)
      #expect(abs(up.prefix(16).reduce(0, +) - 4) < 1e-6)
    }
  }
}

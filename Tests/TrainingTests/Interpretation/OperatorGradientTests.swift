import Base
import ModelGraph
import Testing

@testable import Training

extension LibtorchTests {
  /// The gradient of every operator against finite differences.
  @Suite struct OperatorGradientTests {
    struct Case: Sendable, CustomTestStringConvertible {
      let name: String
      var channels = 4
      var height = 9
      var width = 8
      /// Keeps numbers away from kinks and poles.
      var range: ClosedRange<Float> = -1...1
      let write: @Sendable (inout GraphBuilder, String) -> String
      var testDescription: String { name }
    }

    private static func op(
      _ op: String, _ attributes: [String: Attribute] = [:], range: ClosedRange<Float> = -1...1
    ) -> Case {
      Case(name: op, range: range) { $0.node(op, [$1], attributes) }
    }

    private static func with(_ op: String, range: ClosedRange<Float> = -1...1) -> Case {
      Case(name: op, range: range) { builder, x in
        let other = builder.constant(Constant([1.3, 0.7, 2.1, 1.6], shape: [1, 4, 1, 1]))
        return builder.node(op, [x, other])
      }
    }

    private static func weight(_ shape: [Int]) -> Constant {
      var numbers = SeededNumbers(seed: 7, .parameters, shape.reduce(0) { $0 * 31 + $1 })
      return Constant(
        Initialization.normal(shape.reduce(1, *), mean: 0, deviation: 0.5, &numbers), shape: shape)
    }

    private static func convolution(
      _ name: String, _ shape: [Int], transposed: Bool = false, _ attributes: [String: Attribute]
    ) -> Case {
      Case(name: name) { builder, x in
        let kernel = builder.constant(weight(shape))
        return builder.node(transposed ? "ConvTranspose" : "Conv", [x, kernel], attributes)
      }
    }

    private static let pool: [String: Attribute] = [
      "kernel_shape": .integers([3, 3]), "strides": .integers([2, 2]),
      "pads": .integers([1, 1, 1, 1]),
    ]

    static let cases: [Case] =
      [
        op("Abs", range: 0.2...1), op("Relu", range: 0.2...1), op("LeakyRelu", range: -1...(-0.2)),
        op("Elu", range: -1...(-0.2)), op("Tanh"), op("Sigmoid"), op("Softplus"), op("Exp"),
        op("Neg"),
        op("Erf"), op("Log", range: 0.5...2), op("Sqrt", range: 0.5...2), op("Identity"),
        op("Softmax", ["axis": .integer(1)]), op("GlobalAveragePool"),
        op("ReduceMean", ["axes": .integers([2, 3])]),
        op("Transpose", ["perm": .integers([0, 2, 3, 1])]),
        op("Flatten"), op("AveragePool", pool),
        op("AveragePool", pool.merging(["count_include_pad": .integer(1)]) { $1 }),
        op("MaxPool", pool), with("Add"), with("Sub"), with("Mul"), with("Div"),
        with("Pow", range: 0.5...2), with("Max", range: 3...4), with("Min", range: -4...(-3)),
        with("Sum"), op("Dropout"),
        convolution("Conv", [6, 4, 3, 3], ["pads": .integers([1, 1, 1, 1])]),
        convolution(
          "Conv, stride 2, uneven pads", [6, 4, 4, 4],
          ["strides": .integers([2, 2]), "pads": .integers([0, 1, 2, 1])]),
        convolution("Conv, dilated", [6, 4, 3, 3], ["dilations": .integers([2, 2])]),
        convolution(
          "Conv, depthwise", [4, 1, 3, 3],
          ["group": .integer(4), "strides": .integers([2, 2])]),
        convolution(
          "ConvTranspose", [4, 6, 3, 3], transposed: true,
          [
            "strides": .integers([2, 2]), "pads": .integers([1, 1, 1, 1]),
            "output_padding": .integers([1, 1]),
          ]),
      ]
      + [GraphBuilder.Border.constant, .reflect, .edge].map { border in
        Case(name: "Pad, \(border.rawValue)") { $0.pad($1, 3, border) }
      } + [
        Case(name: "InstanceNormalization") { $0.instanceNorm($1, channels: 4) },
        Case(name: "BatchNormalization") { builder, x in
          let one = builder.constant(Constant([1, 2, 0.5, 1]))
          let zero = builder.constant(Constant([0, 0, 1, 0]))
          // Training moves the last two.
          let (mean, variance) = (
            builder.constant(Constant([0, 0, 0, 0])), builder.constant(Constant([1, 1, 1, 1]))
          )
          return builder.batchNorm(x, scale: one, shift: zero, mean: mean, variance: variance)
        },
        Case(name: "Resize, nearest") { $0.upsampleNearest($1, 2) },
        Case(name: "Resize, linear") { $0.upsampleBilinear($1, 2) },
        Case(name: "Slice") { $0.subsample($1, 2) },
        Case(name: "Concat") { $0.concatenateChannels([$1, $1]) },
        Case(name: "Reshape and Gemm") { builder, x in
          let row = builder.reshape(x, [-1, 4 * 9 * 8])
          let weight = builder.constant(weight([5, 4 * 9 * 8]))
          let bias = builder.constant(Constant([0, 1, 2, 3, 4]))
          return builder.linear(row, weight: weight, bias: bias)
        },
        Case(name: "MatMul") { builder, x in
          let matrix = builder.constant(weight([8, 5]))
          return builder.node("MatMul", [x, matrix])
        },
        Case(name: "Clip", range: -2...(-1.2)) { builder, x in
          let (low, high) = (
            builder.constant(Constant(scalar: -5)), builder.constant(Constant(scalar: 1))
          )
          return builder.node("Clip", [x, low, high])
        },
      ]

    @Test func `Every operator that can be trained through is tested here`() throws {
      var tested: Set<String> = []
      for example in Self.cases { tested.formUnion(Self.graph(example).nodes.map(\.op)) }
      #expect(GraphInterpreter.operators.subtracting(tested) == [])
    }

    // One image and NHWC gradients included: libraries have failed in just these.
    @Test(arguments: cases) func `Gradients are those of finite differences`(_ example: Case) throws
    {
      let interpreter = try GraphInterpreter(Self.graph(example), device: .cpu)
      // Other modes are random, or the statistics of no batch.
      let mode: GraphInterpreter.Mode = example.name == "Dropout" ? .evaluation : .training
      for images in [1, 2] {
        let shape = [images, example.channels, example.height, example.width]
        var numbers = SeededNumbers(seed: 3, .noise, images)
        let (low, high) = (example.range.lowerBound, example.range.upperBound)
        let values = (0..<shape.reduce(1, *)).map { _ in low + (high - low) * Float(numbers.unit())
        }
        func output(_ x: Tensor) throws -> Tensor {
          try interpreter.run(
            ["x": x], wanted: interpreter.graph.outputs, mode: mode, parameters: { _ in nil })[0]
        }
        let x = Tensor(values, shape: shape)
        x.requireGradient()
        let made = try output(x).shape
        let weights = Tensor(
          Initialization.normal(made.reduce(1, *), mean: 0, deviation: 1, &numbers), shape: made)
        let direction = Initialization.normal(values.count, mean: 0, deviation: 1, &numbers)
        let step: Float = 5e-3
        func sum(_ sign: Float) throws -> Double {
          let moved = zip(values, direction).map { $0 + sign * step * $1 }
          let products = zip(try output(Tensor(moved, shape: shape)).values, weights.values)
          return products.reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        }
        let measured = (try sum(1) - sum(-1)) / Double(2 * step)
        for isNHWC in [false, true] where !isNHWC || made.count == 4 {
          x.clearGradient()
          let y = try output(x)
          let order = [0, 2, 3, 1]
          let seen = isNHWC ? y.permuted(order) * weights.permuted(order).copied : y * weights
          seen.sum().backward()
          let gradient = x.gradient.values
          try Torch.check()
          let slope = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0 * $1.1) }
          let size = gradient.reduce(0.0) { $0 + Double($1 * $1) }.squareRoot()
          #expect(
            abs(slope - measured) <= 0.02 * size + 1e-3,
            "\(images) images, NHWC \(isNHWC): \(slope), measured \(measured)")
        }
      }
    }

    private static func graph(_ example: Case) -> Graph {
      var builder = GraphBuilder(name: example.name)
      let x = builder.input("x", shape: [nil, example.channels, example.height, example.width])
      let y = example.write(&builder, x)
      return builder.finish([y])
    }
  }
}

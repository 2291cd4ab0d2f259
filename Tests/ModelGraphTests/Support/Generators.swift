import ModelGraph
import Networks

/// Published networks at small width.
enum Generators {
  static func resnet(
    blocks: Int, downs: Int = 2, isAntialiased: Bool = false, isResidual: Bool = false,
    norm: NormKind = .instance
  ) throws -> Graph {
    var network = ResNetGenerator()
    network.width = 2
    network.blocks = blocks
    network.downs = downs
    network.norm = norm
    (network.blursDown, network.blursUp) = (isAntialiased, isAntialiased)
    network.isResidual = isResidual
    return try network.madeUp()
  }

  static func transformerNet() throws -> Graph {
    var network = TransformerNet()
    network.widths = [2, 3, 4]
    return try network.madeUp()
  }

  static func uNet(downs: Int, norm: NormKind = .batch) throws -> Graph {
    var network = UNetGenerator()
    network.width = 2
    network.downs = downs
    network.norm = norm
    return try network.madeUp()
  }

  static func stainNet() throws -> Graph { try StainNet().madeUp() }

  static func spade(norm: NormKind) throws -> Graph {
    var network = SPADEGenerator()
    network.labelChannels = 2
    network.width = 1
    network.hidden = 2
    network.isSpectral = false
    network.norm = norm
    return try network.madeUp()
  }

  static func localEnhancer() throws -> Graph {
    var network = LocalEnhancer()
    network.global.inputChannels = 3
    network.global.downs = 2
    network.global.blocks = 1
    network.global.width = 4
    network.width = 2
    return try network.madeUp()
  }

  /// Real-ESRGAN's generator: residual dense blocks in threes, two doublings.
  static func rrdb(blocks: Int = 23) -> Graph {
    var builder = GraphBuilder(name: "RRDBNet")
    let (width, growth) = (2, 1)
    func convolution(_ x: String, _ inputs: Int, _ outputs: Int) -> String {
      let shape = [outputs, inputs, 3, 3]
      let weight = builder.constant(Constant(Tensor(shape, seed: 3).values, shape: shape))
      return builder.convolution(x, weight: weight, padding: 1)
    }
    let fifth = builder.constant(Constant(scalar: 0.2))
    let picture = builder.input("input", shape: [1, 3, nil, nil])
    let head = convolution(picture, 3, width)
    var x = head
    for _ in 0..<blocks {
      let start = x
      for _ in 0..<3 {
        var features = [x]
        for layer in 0..<4 {
          let all = layer == 0 ? x : builder.concatenateChannels(features)
          features.append(
            builder.leakyReLU(convolution(all, width + layer * growth, growth)))
        }
        let last = convolution(
          builder.concatenateChannels(features), width + 4 * growth, width)
        x = builder.sum(builder.product(last, fifth), x)
      }
      x = builder.sum(builder.product(x, fifth), start)
    }
    x = builder.sum(convolution(x, width, width), head)
    for _ in 0..<2 {
      x = builder.leakyReLU(convolution(builder.upsampleNearest(x, 2), width, width))
    }
    x = builder.leakyReLU(convolution(x, width, width))
    x = convolution(x, width, 3)
    return builder.finish([x])
  }
}

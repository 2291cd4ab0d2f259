import Base
import Foundation
import Inference
import ModelGraph
import TesseraPlugin
import TestSupport
import TileIO

@testable import Translation

/// Small networks of every kind that tiles can go wrong with; weights are hashes of their place.
enum TestNetworks {
  /// The runtime, shared by all tests; nil where OpenVINO is missing.
  static let engine = try? InferenceEngine()

  static func weights(_ shape: [Int], seed: Int, gain: Float = 1.6) -> Constant {
    let fan = Float(max(1, shape.dropFirst().reduce(1, *)))
    let count = shape.reduce(1, *)
    return Constant(
      (0..<count).map { index in
        (Float(MemorySource.noise(index, seed, 3)) / 255 - 0.5) * 2 * gain / fan.squareRoot()
      }, shape: shape)
  }

  /// Convolution, two halvings, a residual block, two doublings, instance norms throughout.
  static func resnet(width: Int = 4, channels: Int = 3) -> Graph {
    var net = GraphBuilder(name: "resnet")
    var seed = 0
    func conv(
      _ net: inout GraphBuilder, _ x: String, _ from: Int, _ to: Int, kernel: Int, stride: Int = 1,
      padding: Int = 0
    ) -> String {
      seed += 1
      let weight = net.constant(weights([to, from, kernel, kernel], seed: seed))
      return net.convolution(x, weight: weight, stride: stride, padding: padding)
    }
    var x = net.input("input", shape: [1, channels, nil, nil])
    x = conv(&net, net.pad(x, 3, .reflect), channels, width, kernel: 7)
    x = net.relu(net.instanceNorm(x, channels: width))
    x = conv(&net, x, width, 2 * width, kernel: 3, stride: 2, padding: 1)
    x = net.relu(net.instanceNorm(x, channels: 2 * width))
    x = conv(&net, x, 2 * width, 4 * width, kernel: 3, stride: 2, padding: 1)
    x = net.relu(net.instanceNorm(x, channels: 4 * width))
    var block = conv(&net, net.pad(x, 1, .reflect), 4 * width, 4 * width, kernel: 3)
    block = net.relu(net.instanceNorm(block, channels: 4 * width))
    block = conv(&net, net.pad(block, 1, .reflect), 4 * width, 4 * width, kernel: 3)
    x = net.sum(x, net.instanceNorm(block, channels: 4 * width))
    for scale in [2, 1] {
      seed += 1
      let weight = net.constant(weights([2 * scale * width, scale * width, 3, 3], seed: seed))
      x = net.transposedConvolution(x, weight: weight, stride: 2, padding: 1, outputPadding: 1)
      x = net.relu(net.instanceNorm(x, channels: scale * width))
    }
    x = conv(&net, net.pad(x, 3, .reflect), width, channels, kernel: 7)
    x = net.tanh(x)
    return net.finish([x])
  }

  /// A residual block at a quarter of the size, of convolutions without padding.
  static func unpadded() -> Graph {
    var net = GraphBuilder(name: "unpadded")
    var x = net.input("input", shape: [1, 3, nil, nil])
    x = net.pad(x, 8, .reflect)
    x = net.convolution(x, weight: net.constant(weights([64, 3, 4, 4], seed: 81)), stride: 4)
    x = net.relu(x)
    for seed in [82, 83] {
      x = net.relu(net.convolution(x, weight: net.constant(weights([64, 64, 3, 3], seed: seed))))
    }
    let weight = net.constant(weights([64, 3, 4, 4], seed: 84))
    x = net.tanh(net.transposedConvolution(x, weight: weight, stride: 4, padding: 0))
    return net.finish([x])
  }

  /// Three convolutions and nine times the pixels.
  static func enlarging() -> Graph {
    var net = GraphBuilder(name: "enlarging")
    var x = net.input("input", shape: [1, 1, nil, nil])
    x = net.relu(
      net.convolution(x, weight: net.constant(weights([6, 1, 5, 5], seed: 21)), padding: 2))
    x = net.convolution(x, weight: net.constant(weights([9, 6, 3, 3], seed: 22)), padding: 1)
    x = net.node("DepthToSpace", [x], ["blocksize": .integer(3), "mode": .text("CRD")])
    x = net.tanh(x)
    return net.finish([x])
  }

  /// Half as many pixels each way.
  static func halving() -> Graph {
    var net = GraphBuilder(name: "halving")
    let x = net.input("input", shape: [1, 3, nil, nil])
    let weight = net.constant(weights([3, 3, 3, 3], seed: 31))
    let y = net.tanh(net.convolution(x, weight: weight, stride: 2, padding: 1))
    return net.finish([y])
  }

  /// What goes in comes out.
  static func identity(channels: Int = 3) -> Graph {
    var net = GraphBuilder(name: "identity")
    let x = net.input("input", shape: [1, channels, nil, nil])
    var values = [Float](repeating: 0, count: channels * channels)
    for channel in 0..<channels { values[channel * channels + channel] = 1 }
    let weight = net.constant(Constant(values, shape: [channels, channels, 1, 1]))
    let y = net.convolution(x, weight: weight)
    return net.finish([y])
  }

  /// A U-Net of `downs` halvings without norms.
  static func unet(downs: Int, width: Int = 4) -> Graph {
    var net = GraphBuilder(name: "unet")
    var x = net.input("input", shape: [1, 3, nil, nil])
    var skips: [String] = []
    for level in 0..<downs {
      let weight = net.constant(
        weights([width, level == 0 ? 3 : width, 4, 4], seed: 40 + level))
      x = net.leakyReLU(net.convolution(x, weight: weight, stride: 2, padding: 1))
      skips.append(x)
    }
    for level in (0..<downs).reversed() {
      let isFirst = level == downs - 1
      if !isFirst { x = net.concatenateChannels([skips[level], x]) }
      let weight = net.constant(
        weights([isFirst ? width : 2 * width, level == 0 ? 3 : width, 4, 4], seed: 60 + level))
      x = net.transposedConvolution(net.relu(x), weight: weight, stride: 2, padding: 1)
    }
    x = net.tanh(x)
    return net.finish([x])
  }

  static func manifest(
    _ graph: Graph, range: ClosedRange<Float> = -1...1, input: PictureFormat? = nil,
    output: PictureFormat? = nil, trainedSize: Int? = nil
  ) -> ModelManifest {
    let channels = graph.inputs[0].shape[1] ?? 3
    let format = PictureFormat(
      channels: channels, color: ModelImport.color(channels), range: range)
    var manifest = ModelManifest(
      format: 1, id: graph.name, title: graph.name, sourceDomain: "tests", targetDomain: "tests",
      version: "1", license: "MIT", summary: "For tests.",
      model: .init(file: "model.onnx", sha256: String(repeating: "0", count: 64)),
      input: input ?? format, output: output ?? format)
    manifest.trainedSize = trainedSize
    return manifest
  }

  static func pair(
    _ graph: Graph, manifest: ModelManifest? = nil, threads: Int = 2,
    _ change: (inout NetworkSettings) -> Void = { _ in }
  ) throws -> NetworkPair {
    let package = try ModelPackage(graph, manifest: manifest ?? Self.manifest(graph))
    var settings = NetworkSettings(threads: threads)
    settings.precision = .f32
    change(&settings)
    guard let engine else { throw PairError("OpenVINO is missing") }
    return try NetworkPair(
      package, settings: settings, engine: engine, pool: WorkerPool(count: threads))
  }

  static func settings(
    _ pair: NetworkPair, options: [String: String] = [:], depth: OutputDepth? = .float
  ) throws -> TranslationSettings {
    var settings = TranslationSettings(
      pair, options: try PairOptions(options, declared: pair.description.options))
    settings.depth = depth
    return settings
  }

  /// The samples that come out, row by row.
  static func translate(
    _ source: any ImageSource, _ settings: TranslationSettings, threads: Int = 2
  ) throws -> MemorySink {
    let sink = MemorySink()
    _ = try TranslationEngine(pool: WorkerPool(count: threads)).translate(source, settings) { _ in
      sink
    }
    return sink
  }

  static func floats(_ sink: MemorySink) -> [Float] {
    sink.bytes.withUnsafeBytes { raw in
      (0..<(raw.count / 4)).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
  }

  /// Soft waves with noise: pictures that norms find something in.
  static func picture(
    width: Int, height: Int, channels: Int = 3, format: SampleFormat = .uint8,
    isRandomAccess: Bool = true
  ) -> MemorySource {
    MemorySource(
      width: width, height: height, channels: channels, format: format,
      isRandomAccess: isRandomAccess
    ) { x, y, channel in
      let wave = sin(Double(x) / 23 + Double(channel)) * sin(Double(y) / 31)
      return min(255, max(0, Int(128 + 80 * wave) + MemorySource.noise(x, y, channel) / 8 - 16))
    }
  }
}

import Base
import Foundation
import Inference
import ModelGraph
import TesseraPlugin
import VolumeTranslation
import Volumes

@testable import Translation

/// Volumes that no mirroring leaves as they are, and networks whose answer is known.
enum TestVolumes {
  static let engine = try? InferenceEngine()

  /// A ball of tissue in air, brighter to the left, the back and the head, and turned by `degrees`.
  static func head(
    size: SIMD3<Int> = SIMD3(40, 44, 36), spacing: SIMD3<Double> = SIMD3(2, 2, 3),
    air: Float = 0, tissue: Float = 600, orientation: String = "LPS"
  ) -> Volume {
    var volume = Volume(
      geometry: VolumeGeometry(size: size, spacing: spacing, origin: SIMD3(-31, -40, 12)),
      samples: [Float](repeating: air, count: size.x * size.y * size.z))
    let middle = SIMD3<Double>(size &- 1) / 2
    for z in 0..<size.z {
      for y in 0..<size.y {
        for x in 0..<size.x {
          let place = (SIMD3(Double(x), Double(y), Double(z)) - middle) / middle
          guard (place * place).sum() < 0.64 else { continue }
          let slope = 1 + 0.2 * place.x + 0.3 * place.y + 0.4 * place.z
          volume[x, y, z] = air + tissue * Float(slope)
        }
      }
    }
    return volume.oriented(as: orientation)
  }

  /// Passes the middle slice of `2 * neighbors + 1` on, or with `weights` another mixture.
  static func mixture(_ weights: [Float]) -> Graph {
    var net = GraphBuilder(name: "mixture")
    let x = net.input("input", shape: [1, weights.count, nil, nil])
    let weight = net.constant(Constant(weights, shape: [1, weights.count, 1, 1]))
    let y = net.convolution(x, weight: weight)
    return net.finish([y])
  }

  /// Takes the mean of the picture away, as instance norms do, and gives a tenth of the rest.
  static func centered() -> Graph {
    var net = GraphBuilder(name: "centred")
    let x = net.input("input", shape: [1, 1, nil, nil])
    let weight = net.constant(Constant([1], shape: [1, 1, 1, 1]))
    let centered = net.instanceNorm(net.convolution(x, weight: weight), channels: 1)
    let share = net.constant(Constant([0.1], shape: [1, 1, 1, 1]))
    let y = net.convolution(centered, weight: share)
    return net.finish([y])
  }

  /// A pair for MRI whose network gets -1...1 for 0...1 and whose -1...1 mean -1024...2000 HU.
  static func pair(
    _ graph: Graph, _ format: SliceFormat, window: ClosedRange<Float> = -1024...2000
  ) throws -> NetworkPair {
    let channels = graph.inputs[0].shape[1] ?? 1
    var input = PictureFormat(
      channels: channels, color: channels == 1 ? .gray : .other, range: -1...1)
    (input.units, input.window) = (.physical, [0, 1])
    var output = PictureFormat(channels: 1, color: .gray, range: -1...1)
    (output.units, output.window) = (.physical, [window.lowerBound, window.upperBound])
    var manifest = ModelManifest(
      format: 1, id: "test-ct", title: "test", sourceDomain: "MRI", targetDomain: "CT",
      version: "1", license: "MIT", summary: "For tests.",
      model: .init(file: "model.onnx", sha256: String(repeating: "0", count: 64)), input: input,
      output: output)
    manifest.volume = format
    guard let engine else { throw PairError("OpenVINO is missing") }
    var settings = NetworkSettings(threads: 2)
    settings.precision = .f32
    return try NetworkPair(
      ModelPackage(graph, manifest: manifest), settings: settings, engine: engine,
      pool: WorkerPool(count: 2))
  }

  static func format(
    planes: [SliceFormat.Plane] = [.axial], neighbors: Int = 0, spacing: [Double]? = nil
  ) -> SliceFormat {
    var format = SliceFormat(planes: planes)
    format.neighbors = neighbors
    format.spacing = spacing
    format.normalization = .init(.percentile, low: 1, high: 99)
    format.mask = true
    format.outside = -1024
    (format.sourceModality, format.targetModality) = ("MR", "CT")
    return format
  }

  static func translate(
    _ volume: Volume, _ pair: any DomainPair, _ options: [String: String] = [:]
  ) throws -> Volume {
    let settings = TranslationSettings(
      pair, options: try PairOptions(options, declared: pair.description.options))
    return try VolumeTranslator(TranslationEngine(pool: WorkerPool(count: 2)), settings)
      .translate(volume)
  }
}

extension [Float] {
  /// The largest difference to other numbers.
  func distance(to other: [Float]) -> Float {
    zip(self, other).reduce(count == other.count ? 0 : .infinity) {
      Swift.max($0, abs($1.0 - $1.1))
    }
  }
}

public import Base
import Foundation
public import Inference
import Networks
import Synchronization
public import TileIO

/// The squared distance of a network's features, each pixel's brought to unit length, weighted by heads
/// that were trained on people's judgement.
///
/// This is LPIPS, version 0.1 (Zhang and others 2018).
/// The published figures need the published heads with the weights of torchvision's AlexNet, VGG-16
/// or SqueezeNet 1.1; others are comparable among themselves only.
public final class PerceptualDistance: Sendable {
  /// The values whose features are compared.
  public let layers: [String]

  private let backbone: FeatureBackbone
  private let weights: [[Float]]
  private let preprocessing: FeaturePreprocessing
  private let engine: InferenceEngine
  private let compiled = Mutex<(width: Int, height: Int, model: CompiledModel)?>(nil)

  /// The most pixels of an image: networks look at the whole of it.
  public static let maximumPixels = 4 << 20

  /// Opens the network and its heads.
  ///
  /// - Parameters:
  ///   - path: The network, an ONNX file.
  ///   - heads: The weights `lin0.model.1.weight`, …: a `.pth` or safetensors file.
  ///   - layers: The values or nodes that the heads belong to; nil finds them by their channels.
  ///   - preprocessing: What the network expects; its size is not used.
  ///   - engine: What it runs on.
  /// - Throws: A line that names the file and says what to do.
  public init(
    _ path: String, heads: String, layers: [String]? = nil, preprocessing: FeaturePreprocessing,
    engine: InferenceEngine
  ) throws(TesseraError) {
    backbone = try FeatureBackbone(path)
    weights = try Self.weights(heads)
    self.preprocessing = preprocessing
    self.engine = engine
    let lengths = weights.map(\.count)
    if let layers {
      guard layers.count == weights.count else {
        throw TesseraError(
          heads, "reading the heads",
          "there are \(weights.count), but \(layers.count) layers are named")
      }
      var values: [String] = []
      for layer in layers { values.append(try backbone.value(layer)) }
      self.layers = values
    } else {
      self.layers = try backbone.layers(channels: lengths)
    }
  }

  private static func weights(_ path: String) throws(TesseraError) -> [[Float]] {
    let checkpoint = try Checkpoint.read(path)
    var weights: [[Float]] = []
    while let head = checkpoint["lin\(weights.count).model.1.weight"] {
      weights.append(head.floats())
    }
    guard !weights.isEmpty else {
      throw TesseraError(
        path, "reading the heads",
        "there is no lin0.model.1.weight in it; give the heads of LPIPS")
    }
    return weights
  }

  /// How far two images of one size are apart; 0 for the same.
  public func measure(_ result: any ImageSource, against target: any ImageSource) throws -> Double {
    try PairedEvaluation.check(result.info, target.info, nil)
    let info = target.info
    guard info.width * info.height <= Self.maximumPixels else {
      throw TesseraError(
        "LPIPS looks at whole images, and \(info.width) x \(info.height) px are over 4 megapixels; "
          + "evaluate tiles")
    }
    let model = try model(info.width, info.height)
    let first = try features(result, model)
    let second = try features(target, model)
    var distance = 0.0
    for (layer, weight) in weights.enumerated() {
      guard model.outputs[layer].shape.count == 4, model.outputs[layer].shape[1] == weight.count
      else {
        throw TesseraError(
          "\(backbone.path): comparing features: \(layers[layer]) has the shape "
            + "\(model.outputs[layer].shape), its head \(weight.count) channels; name the layers "
            + "with --lpips-layers")
      }
      distance += Self.distance(first[layer], second[layer], weight)
    }
    return distance
  }

  private func features(
    _ source: any ImageSource, _ model: CompiledModel
  ) throws -> [[Float]] {
    let image = try WholeImage(source, maximumPixels: Self.maximumPixels)
    do throws(TesseraError) {
      return try model.run([preprocessing.tensor(image.planes)])
    } catch {
      throw TesseraError("\(backbone.path): looking at an image: \(error)")
    }
  }

  /// The network for images of this size; the last one is kept.
  private func model(_ width: Int, _ height: Int) throws(TesseraError) -> CompiledModel {
    if let known = compiled.withLock({ $0 }), known.width == width, known.height == height {
      return known.model
    }
    let data = try backbone.cut(at: layers, width: width, height: height)
    do throws(TesseraError) {
      let model = try engine.compile(onnx: data, options: InferenceOptions(precision: .f32))
      compiled.withLock { $0 = (width, height, model) }
      return model
    } catch {
      throw TesseraError(
        backbone.path, FeatureBackbone.action, "at \(width) x \(height) px: \(error)")
    }
  }

  /// The mean over the pixels of the weighted squared difference of features of unit length.
  static func distance(_ first: [Float], _ second: [Float], _ weight: [Float]) -> Double {
    let area = first.count / weight.count
    var lengths1 = [Double](repeating: 0, count: area)
    var lengths2 = lengths1
    for channel in weight.indices {
      for index in 0..<area {
        let (a, b) = (Double(first[channel * area + index]), Double(second[channel * area + index]))
        lengths1[index] += a * a
        lengths2[index] += b * b
      }
    }
    for index in 0..<area {
      lengths1[index] = 1 / (lengths1[index].squareRoot() + 1e-10)
      lengths2[index] = 1 / (lengths2[index].squareRoot() + 1e-10)
    }
    var sum = 0.0
    for (channel, factor) in weight.enumerated() {
      var squares = 0.0
      for index in 0..<area {
        let (a, b) = (Double(first[channel * area + index]), Double(second[channel * area + index]))
        let difference = a * lengths1[index] - b * lengths2[index]
        squares += difference * difference
      }
      sum += Double(factor) * squares
    }
    return sum / Double(area)
  }
}

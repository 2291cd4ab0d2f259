public import Base
public import Inference
public import TileIO

/// The features that a network has of images: what FID and KID compare.
public final class FeatureNetwork: Sendable {
  /// The network file.
  public let path: String
  /// The value whose numbers are the features.
  public let node: String
  /// What becomes of an image before the network sees it.
  public let preprocessing: FeaturePreprocessing
  /// Features of an image.
  public let length: Int

  private let model: CompiledModel
  private let width: Int
  private let height: Int

  /// An image of more pixels is reduced by whole factors before it is resized.
  private static let maximumPixels = 64 << 20

  /// Opens an ONNX file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - node: The value or node to take; nil takes what the classifying layer looks at.
  ///   - preprocessing: What the network expects.
  ///   - engine: What it runs on.
  /// - Throws: A line that names the file and says what to do.
  public init(
    _ path: String, node: String? = nil, preprocessing: FeaturePreprocessing,
    engine: InferenceEngine
  ) throws(TesseraError) {
    let backbone = try FeatureBackbone(path)
    self.path = path
    self.node =
      try node.map { name throws(TesseraError) in try backbone.value(name) }
      ?? backbone.lastFeature
    self.preprocessing = preprocessing
    let shape = backbone.input.shape
    height = preprocessing.size ?? shape[2] ?? 224
    width = preprocessing.size ?? shape[3] ?? 224
    let data = try backbone.cut(at: [self.node], width: width, height: height)
    do throws(TesseraError) {
      model = try engine.compile(onnx: data, options: InferenceOptions(precision: .f32))
    } catch {
      throw TesseraError(path, FeatureBackbone.action, "\(error)")
    }
    let output = model.outputs[0].shape
    guard output.count == 4 || output.count == 2, output[1] > 0 else {
      throw TesseraError(
        path, FeatureBackbone.action,
        "\(self.node) has the shape \(output), not 1 x features or 1 x features x H x W; choose "
          + "another with --backbone-node")
    }
    length = output[1]
  }

  /// The features of an image: bicubic to the network's size, spatial ones averaged.
  public func features(of source: any ImageSource) throws -> [Float] {
    let image = try WholeImage(source, maximumPixels: Self.maximumPixels)
    let resize = BicubicResize(
      width: image.width, height: image.height, to: (width, height), precision: .double)
    // What overshoots at edges is cut off, as clean-fid does.
    let planes = image.planes.map { plane in
      (image.width == width && image.height == height ? plane : resize(plane.span))
        .map { max(0, min(255, $0)) }
    }
    let outputs: [[Float]]
    do throws(TesseraError) {
      outputs = try model.run([preprocessing.tensor(planes)])
    } catch {
      throw TesseraError("\(path): looking at an image: \(error)")
    }
    let area = outputs[0].count / length
    let features = (0..<length).map { channel in
      var sum = 0.0
      for index in channel * area..<(channel + 1) * area { sum += Double(outputs[0][index]) }
      return Float(sum / Double(area))
    }
    guard features.allSatisfy(\.isFinite) else {
      throw TesseraError(
        "\(path): looking at an image: a feature is no finite number; check --backbone-preset")
    }
    return features
  }
}

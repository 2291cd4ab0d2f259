import Inference
import Metrics

/// The file of the network that images are looked at through.
package struct Backbone: Sendable {
  /// What was opened.
  package struct Networks: Sendable {
    /// For distances between sets.
    package var features: FeatureNetwork?
    /// For LPIPS.
    package var perceptual: PerceptualDistance?

    /// No networks.
    package init() {}
  }

  private let path: String
  private let node: String?
  /// The weights of LPIPS.
  let heads: String?
  private let layers: [String]?

  /// Names the files.
  ///
  /// - Parameters:
  ///   - path: An ONNX file.
  ///   - node: What gives the features; nil for what the last layer looks at.
  ///   - heads: The weights of LPIPS.
  ///   - layers: The nodes that the heads belong to; nil to find them by their channels.
  package init(
    _ path: String, node: String? = nil, heads: String? = nil, layers: [String]? = nil
  ) {
    (self.path, self.node, self.heads, self.layers) = (path, node, heads, layers)
  }

  /// Opens what the metrics need.
  package func open(
    _ choice: MetricChoice, preprocessing: FeaturePreprocessing
  ) throws -> Networks {
    var networks = Networks()
    let engine = try InferenceEngine()
    if choice.sets.contains(where: \.needsBackbone) {
      networks.features = try FeatureNetwork(
        path, node: node, preprocessing: preprocessing, engine: engine)
    }
    if choice.pairs.contains(.lpips), let heads {
      networks.perceptual = try PerceptualDistance(
        path, heads: heads, layers: layers, preprocessing: preprocessing, engine: engine)
    }
    return networks
  }
}

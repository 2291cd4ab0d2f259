import ArgumentParser
import Base
import Evaluation
import Metrics

extension FeaturePreprocessing.Preset: ExpressibleByArgument {}
extension FeaturePreprocessing.Order: ExpressibleByArgument {}

/// The networks that are looked through, and what they expect.
struct BackboneArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Compare the features of this ONNX network (fid, kid, lpips).", valueName: "file"))
  var backbone: String?

  @Option(
    help: ArgumentHelp(
      "Take the features from this node (default: what the last layer looks at).",
      valueName: "name"))
  var backboneNode: String?

  @Option(help: "Prepare images as this network expects; the options below change parts of it.")
  var backbonePreset = FeaturePreprocessing.Preset.imagenet

  @Option(help: ArgumentHelp("Resize images to this side.", valueName: "px"))
  var backboneSize: Int?

  @Option(help: "Order channels so.")
  var backboneOrder: FeaturePreprocessing.Order?

  @Option(help: ArgumentHelp("Map black and white to these values.", valueName: "low:high"))
  var backboneRange: String?

  @Option(help: ArgumentHelp("Then subtract these, a channel.", valueName: "n,n,n"))
  var backboneMean: String?

  @Option(help: ArgumentHelp("Then divide by these, a channel.", valueName: "n,n,n"))
  var backboneDeviation: String?

  @Option(
    help: ArgumentHelp("Weigh LPIPS by these heads: .pth or .safetensors.", valueName: "file"))
  var lpipsHeads: String?

  @Option(
    help: ArgumentHelp(
      "Apply the heads to these nodes (default: found by their channels).",
      valueName: "name,..."))
  var lpipsLayers: String?

  @Option(help: ArgumentHelp("Draw the subsets of KID with this seed.", valueName: "n"))
  var seed: UInt64 = 0

  var kernel: KernelDistance {
    var kernel = KernelDistance()
    kernel.seed = seed
    return kernel
  }

  mutating func validate() throws {
    if let backboneSize, !(16...4096).contains(backboneSize) {
      throw ValidationError("--backbone-size takes a number from 16 to 4096.")
    }
    guard backbone != nil || (backboneNode == nil && lpipsHeads == nil) else {
      throw ValidationError(
        "--backbone-node and --lpips-heads need the network: --backbone FILE.onnx.")
    }
  }

  /// The files, where a network is given.
  var network: Backbone? {
    backbone.map {
      Backbone(
        $0, node: backboneNode, heads: lpipsHeads,
        layers: lpipsLayers?.split(separator: ",").map(String.init))
    }
  }

  private func preprocessing() throws -> FeaturePreprocessing {
    var preprocessing = backbonePreset.preprocessing
    if let backboneSize { preprocessing.size = backboneSize }
    if let backboneOrder { preprocessing.order = backboneOrder }
    if let backboneRange {
      let range = try EvaluateCommand.range(backboneRange, "--backbone-range")
      (preprocessing.black, preprocessing.white) = (Float(range.low), Float(range.high))
    }
    if let backboneMean { preprocessing.mean = try Self.triple(backboneMean, "--backbone-mean") }
    if let backboneDeviation {
      preprocessing.deviation = try Self.triple(backboneDeviation, "--backbone-deviation")
      guard preprocessing.deviation.allSatisfy({ $0 != 0 }) else {
        throw UsageError("--backbone-deviation \(backboneDeviation): it divides, so 0 is none")
      }
    }
    return preprocessing
  }

  private static func triple(_ text: String, _ option: String) throws -> [Float] {
    let numbers = text.split(separator: ",").map { Float($0) }
    guard numbers.count == 3, numbers.allSatisfy({ $0?.isFinite ?? false }) else {
      throw UsageError("\(option) \(text): write three numbers, as in 104,117,123")
    }
    return numbers.compactMap(\.self)
  }

  /// Opens what the metrics need.
  func open(_ choice: MetricChoice) throws -> Backbone.Networks {
    try network?.open(choice, preprocessing: preprocessing()) ?? Backbone.Networks()
  }
}

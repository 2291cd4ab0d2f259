import Base
public import Foundation
public import Inference
public import Translation

extension PluginTemplate {
  /// A model package of `network`, or of the sample network of the SDK to be replaced; what had to be
  /// assumed, a sentence each.
  ///
  /// `output` is the one of several outputs that is meant.
  public static func model(
    _ name: String, network: String?, output: String? = nil, at url: URL, sdk: SDKLocation?,
    engine: InferenceEngine
  ) throws -> [String] {
    let names = try Names(name)
    guard !FileManager.default.fileExists(atPath: url.path) else {
      throw TesseraError(url.path, action, "it exists already; choose another name")
    }
    var options = ModelImport.Options()
    options.id = names.id
    options.title = names.title
    options.outputName = output
    guard let network else {
      guard let sdk else {
        throw TesseraError(name, action, "name the network with --model")
      }
      let sample = sdk.samples.appending(path: "Sharpen/model.onnx")
      options.ranges = (0...1, 0...1)
      options.domains = ("photograph", "sharper photograph")
      options.license = "MIT"
      try ModelImport(sample.path, options: options, engine: engine).write(
        to: url.path, overwrite: false)
      return []
    }
    let model = try ModelImport(network, options: options, engine: engine)
    try model.write(to: url.path, overwrite: false)
    return model.notes
  }
}

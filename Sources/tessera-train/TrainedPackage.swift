#if Training
  import Terminal
  import Foundation
  import Inference
  import TesseraPlugin
  import Training
  import Translation

  /// The model package of a run's generator.
  struct TrainedPackage {
    private let model: ModelImport

    /// Makes it as `tessera import` does, with what the run knows beyond the checkpoint.
    init(of network: TrainedNetwork, run: RunDirectory, volume: SliceFormat?) throws {
      var options = ModelImport.Options()
      let name = URL(filePath: run.path).standardizedFileURL.lastPathComponent
      let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
      options.id = words.isEmpty ? network.method : words.joined(separator: "-")
      options.title = "\(name), trained with \(network.method)"
      options.palette = network.colors?.entries.map { $0.color.map(Int.init) }
      options.unknownClass = network.unknownClass
      options.windows = (network.sourceWindow, network.targetWindow)
      options.recognition.takesLabels = network.classes != nil
      options.recognition.hasEdgeChannel = network.classes.map { _ in network.hasInstances }
      options.recognition.upsampling = network.upsampling
      options.recognition.aspect = network.aspect
      options.volume = volume
      model = try ModelImport(network.path, options: options, engine: try InferenceEngine())
    }

    /// Replaces the package of the run.
    func write(to path: String) throws {
      // The folder is there, empty, from the start of the run.
      if (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true {
        try FileManager.default.removeItem(atPath: path)
      }
      try model.write(to: path, overwrite: true)
    }
  }
#endif

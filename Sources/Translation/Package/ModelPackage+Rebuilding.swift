import Base
import Foundation
public import Inference
import ModelGraph
import Networks

extension ModelPackage {
  /// Makes the manifest of a package fit the network that lies in its folder now: its checksum, and a
  /// new golden pair.
  ///
  /// What the manifest says of the network's channels is checked, and nothing is written where it is
  /// wrong.
  public static func rebuild(_ path: String, engine: InferenceEngine) throws -> ModelPackage {
    let directory = URL(filePath: path, directoryHint: .isDirectory)
    var manifest = try readManifest(directory, path)
    let file = directory.appending(path: manifest.model.file)
    guard let data = try? Data(contentsOf: file) else {
      throw TesseraError(
        path, "building the package",
        "\(manifest.model.file) cannot be read; put the network there")
    }
    manifest.model.sha256 = SHA256Digest.hexadecimal(of: data)
    let golden = manifest.golden ?? "golden.safetensors"
    manifest.golden = golden
    do {
      let package = try ModelPackage(Graph(onnx: data, directory: directory), manifest: manifest)
      let sample = try GoldenSample(
        package.graph, format: manifest.input,
        side: ModelImport.goldenSide(package, trained: manifest.trainedSize), engine: engine)
      try sample.write(to: directory.appending(path: golden))
      try AtomicFile.write(
        try ModelImport.encoded(manifest), to: directory.appending(path: manifestName).path,
        action: "building the package")
      return package
    } catch let error as ModelError {
      throw TesseraError(path, error.action, error.reason)
    } catch let error as TesseraError {
      throw error.naming(path)
    }
  }
}

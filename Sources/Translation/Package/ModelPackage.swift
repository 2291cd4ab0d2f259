import Base
public import Foundation
public import Inference
public import ModelGraph
import Networks

/// A network with what is known about it, as `translate --model` takes it.
public struct ModelPackage: Sendable {
  /// What the package says of itself.
  public let manifest: ModelManifest
  /// The network for pictures of any size; other inputs than the picture are bound.
  public let graph: Graph
  /// Which values of the network are pictures; nil where it cannot be told.
  public let analysis: SpatialAnalysis?
  /// What an output pixel depends on; nil where it cannot be told.
  public let footprint: NetworkFootprint?
  /// Why the footprint cannot be told.
  public let obstacle: ModelError?
  /// Sides of the only picture that the network takes; nil for any size.
  public let fixedSize: [Int]?

  static let action = "opening the model"
  static let manifestName = "pair.json"

  /// Takes a network that is in memory.
  public init(_ network: Graph, manifest: ModelManifest) throws(ModelError) {
    self.manifest = manifest
    let prepared = try PreparedGraph(network)
    graph = prepared.graph
    analysis = prepared.analysis
    footprint = prepared.footprint
    obstacle = prepared.obstacle
    fixedSize = prepared.fixedSize
    guard prepared.channels == manifest.input.channels else {
      throw ModelError(
        Self.action,
        "the network takes \(prepared.channels) channels, \(Self.manifestName) says"
          + " \(manifest.input.channels)")
    }
    guard prepared.outputChannels == manifest.output.channels else {
      throw ModelError(
        Self.action,
        "the network makes \(prepared.outputChannels) channels, \(Self.manifestName) says"
          + " \(manifest.output.channels)")
    }
  }

  /// Opens a package; the network is run once on its golden input, and refused where it does not
  /// give the golden output.
  public static func open(_ path: String, engine: InferenceEngine) throws -> ModelPackage {
    let directory = URL(filePath: path, directoryHint: .isDirectory)
    let manifest = try readManifest(directory, path)
    let file = directory.appending(path: manifest.model.file)
    guard let data = try? Data(contentsOf: file, options: .mappedIfSafe) else {
      throw TesseraError(
        path, action, "\(manifest.model.file) cannot be read; copy the package whole")
    }
    guard SHA256Digest.hexadecimal(of: data) == manifest.model.sha256.lowercased() else {
      throw TesseraError(
        path, action,
        "\(manifest.model.file) is not the file that \(manifestName) describes; copy the package"
          + " again")
    }
    do {
      let graph = try Graph(onnx: data, directory: directory)
      let package = try ModelPackage(graph, manifest: manifest)
      if let golden = manifest.golden {
        try package.checkGolden(directory.appending(path: golden), engine: engine)
      }
      return package
    } catch let error as ModelError {
      throw TesseraError(path, error.action, error.reason)
    } catch let error as TesseraError {
      throw error.naming(path)
    }
  }

  static func readManifest(_ directory: URL, _ path: String) throws -> ModelManifest {
    guard let data = try? Data(contentsOf: directory.appending(path: manifestName)) else {
      throw TesseraError(
        path, action,
        "there is no \(manifestName) in it, so it is no model package; make one with"
          + " 'tessera import'")
    }
    let manifest: ModelManifest
    do throws(JSONFault) {
      manifest = try StrictDecoder.decode(ModelManifest.self, from: data)
    } catch {
      throw TesseraError(path, action, "\(manifestName): \(error)")
    }
    if let fault = manifest.fault {
      throw TesseraError(path, action, quoting: "\(manifestName): \(fault)")
    }
    return manifest
  }
}

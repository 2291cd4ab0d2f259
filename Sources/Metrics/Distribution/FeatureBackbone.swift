import Base
import Foundation
import ModelGraph

/// A network of which inner values are looked at.
struct FeatureBackbone: Sendable {
  let path: String
  let graph: Graph
  /// The image it takes.
  let input: GraphInput

  static let action = "opening the backbone"

  init(_ path: String) throws(TesseraError) {
    self.path = path
    guard let data = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe) else {
      throw TesseraError(
        path, Self.action, "it cannot be read; give an ONNX file that is there")
    }
    let graph: Graph
    do throws(ModelError) {
      graph = try Graph(onnx: data, directory: URL(filePath: path).deletingLastPathComponent())
        .inSinglePrecision
    } catch {
      throw TesseraError(path, Self.action, "\(error)")
    }
    self.graph = graph
    let images = graph.inputs.filter { graph.constants[$0.name] == nil }
    guard images.count == 1, let image = images.first, image.shape.count == 4,
      (image.shape[1] ?? 3) == 3
    else {
      throw TesseraError(
        path, Self.action,
        "it takes \(images.count) inputs, not one of N x 3 x H x W; give a network of RGB images")
    }
    input = image
  }

  /// The name of a value, given that or the name of the node that makes it.
  func value(_ name: String) throws(TesseraError) -> String {
    if graph.nodes.contains(where: { $0.outputs.contains(name) }) { return name }
    if let node = graph.nodes.first(where: { $0.name == name }) { return node.outputs[0] }
    let known = graph.nodes.suffix(6).compactMap(\.outputs.first).joined(separator: ", ")
    throw TesseraError(
      path, Self.action, "it has no node or value '\(name)'; the last are \(known)")
  }

  /// What the last layer that tells classes apart looks at, or the output where there is none.
  ///
  /// Such a layer is a matrix product, or a convolution of 1 x 1 px that is pooled over the whole
  /// picture, with nothing behind it but activations and reshaping.
  var lastFeature: String {
    let output = graph.outputs[0]
    let producers = graph.producers
    let passing: Set<String> = [
      "Softmax", "LogSoftmax", "Sigmoid", "Relu", "Flatten", "Reshape", "Squeeze", "Dropout",
      "Identity", "Add", "GlobalAveragePool", "AveragePool", "ReduceMean", "Cast",
    ]
    var name = output
    var isPooled = false
    while let index = producers[name] {
      let node = graph.nodes[index]
      // The sizes that a reshape takes may be computed too.
      let inputs = node.op == "Reshape" ? Array(node.inputs.prefix(1)) : node.inputs
      let data = inputs.filter { !$0.isEmpty && graph.constants[$0] == nil }
      guard data.count == 1 else { return output }
      switch node.op {
      case "Gemm", "MatMul": return data[0]
      case "Conv":
        let kernel = node.input(1).flatMap { graph.constants[$0]?.shape.dropFirst(2) } ?? []
        return isPooled && kernel.allSatisfy { $0 == 1 } ? data[0] : output
      case let op where passing.contains(op):
        if op.contains("Pool") || op == "ReduceMean" { isPooled = true }
        name = data[0]
      default: return output
      }
    }
    return output
  }

  /// The network up to some values, for images of one size, as the bytes of a file.
  func cut(at values: [String], width: Int, height: Int) throws(TesseraError) -> Data {
    var cut = graph
    cut.outputs = values
    let image = GraphInput(
      input.name, elementType: input.elementType, shape: [1, 3, height, width])
    cut.inputs = [image]
    cut.removeUnused()
    do throws(ModelError) {
      return try cut.onnx()
    } catch {
      throw TesseraError(path, "cutting the backbone", "\(error)")
    }
  }
}

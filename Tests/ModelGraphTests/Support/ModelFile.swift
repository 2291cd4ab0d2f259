import Foundation
import SwiftProtobuf

@testable import ModelGraph

/// An ONNX file put together field by field, so that it may be wrong.
struct ModelFile {
  var model = Onnx_ModelProto()

  /// A 3x3 convolution from `x` to `y` with the weight `w` [2, 1, 3, 3].
  init(opset: Int = 13) {
    model.irVersion = 8
    self.opset = opset
    model.graph.name = "made"
    add(input: "x", [1, 1, -1, -1])
    add(weight: "w", [2, 1, 3, 3])
    add("Conv", ["x", "w"], ["y"])
    var output = Onnx_ValueInfoProto()
    output.name = "y"
    model.graph.output = [output]
  }

  /// The file's bytes.
  var data: Data { (try? model.serializedData()) ?? Data() }

  /// The version of the operators.
  var opset: Int {
    get { Int(model.opsetImport.first?.version ?? 0) }
    set {
      var version = Onnx_OperatorSetIdProto()
      version.version = Int64(newValue)
      model.opsetImport = [version]
    }
  }

  /// Adds an input; -1 is any size.
  mutating func add(
    input name: String, _ shape: [Int], type: Onnx_TensorProto.DataType = .float
  ) {
    var info = Onnx_ValueInfoProto()
    info.name = name
    info.type.tensorType.elemType = Int32(type.rawValue)
    info.type.tensorType.shape.dim = shape.map { size in
      var dimension = Onnx_TensorShapeProto.Dimension()
      if size == -1 { dimension.dimParam = "any" } else { dimension.dimValue = Int64(size) }
      return dimension
    }
    model.graph.input.append(info)
  }

  /// Adds a weight of ones, or of these numbers.
  mutating func add(weight name: String, _ shape: [Int], _ values: [Float]? = nil) {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = Int32(Onnx_TensorProto.DataType.float.rawValue)
    let count = shape.reduce(1) { $0 &* $1 }
    let numbers = values ?? [Float](repeating: 1, count: (0...1 << 16).contains(count) ? count : 0)
    tensor.rawData = numbers.withUnsafeBytes { Data($0) }
    model.graph.initializer.append(tensor)
  }

  /// Adds a vector of integers.
  mutating func add(integers name: String, _ values: [Int]) {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = [Int64(values.count)]
    tensor.dataType = Int32(Onnx_TensorProto.DataType.int64.rawValue)
    tensor.int64Data = values.map(Int64.init)
    model.graph.initializer.append(tensor)
  }

  /// Adds an operation.
  mutating func add(
    _ op: String, _ inputs: [String], _ outputs: [String], _ attributes: [String: Attribute] = [:]
  ) {
    var node = Onnx_NodeProto()
    node.opType = op
    node.input = inputs
    node.output = outputs
    model.graph.node.append(node)
    for (name, value) in attributes { set(name, value) }
  }

  /// Sets an attribute of the last operation.
  mutating func set(_ name: String, _ value: Attribute) {
    var attribute = Onnx_AttributeProto()
    attribute.name = name
    switch value {
    case .integer(let number): (attribute.type, attribute.i) = (.int, Int64(number))
    case .integers(let numbers): (attribute.type, attribute.ints) = (.ints, numbers.map(Int64.init))
    case .float(let number): (attribute.type, attribute.f) = (.float, number)
    case .floats(let numbers): (attribute.type, attribute.floats) = (.floats, numbers)
    case .text(let text): (attribute.type, attribute.s) = (.string, Data(text.utf8))
    case .texts(let texts):
      (attribute.type, attribute.strings) = (.strings, texts.map { Data($0.utf8) })
    case .constant: attribute.type = .tensor
    }
    model.graph.node[model.graph.node.count - 1].attribute.append(attribute)
  }

  /// Puts an operation on the picture in place of the convolution.
  mutating func replace(
    _ op: String, _ inputs: [String] = ["x"], _ attributes: [String: Attribute] = [:]
  ) {
    model.graph.node = []
    add(op, inputs, ["y"], attributes)
  }
}

public import Foundation
import SwiftProtobuf

extension Graph {
  /// The graph as the bytes of an ONNX file; the same graph always gives the same bytes.
  ///
  /// Throws where the file would exceed the 2 GB that the format allows.
  public func onnx() throws(ModelError) -> Data {
    var model = Onnx_ModelProto()
    model.irVersion = 8
    model.producerName = "tessera"
    var version = Onnx_OperatorSetIdProto()
    version.domain = ""
    version.version = Int64(Graph.opset)
    model.opsetImport = [version]
    model.graph = proto()
    let total = constants.values.reduce(0) { $0 + $1.bytes.count }
    guard total < 2_000_000_000 else {
      throw ModelError(
        "writing the model", "its weights take \(total / 1_000_000) MB, ONNX holds 2000 at most")
    }
    do {
      return try model.serializedData()
    } catch {
      throw ModelError("writing the model", "\(error)")
    }
  }

  private func proto() -> Onnx_GraphProto {
    var graph = Onnx_GraphProto()
    graph.name = name
    // Group norms are spelt out: opset 17 has none.
    var helpers: [String: Constant] = [:]
    // Two nodes must not share a name; those that stand for one of the file's do here.
    var names: Set<String> = []
    graph.node = nodes.flatMap { $0.spelledOut(&helpers) }.map { node in
      var proto = node.proto()
      if proto.hasName, !names.insert(proto.name).inserted { proto.clearName() }
      return proto
    }
    graph.initializer = constants.merging(helpers) { $1 }.sorted { $0.key < $1.key }.map {
      $1.proto(name: $0)
    }
    graph.input = inputs.map { input in
      Self.valueInfo(input.name, input.elementType, input.shape)
    }
    graph.output = outputs.map { name in
      var info = Onnx_ValueInfoProto()
      info.name = name
      var tensor = Onnx_TypeProto.Tensor()
      tensor.elemType = Int32(Onnx_TensorProto.DataType.float.rawValue)
      info.type.tensorType = tensor
      return info
    }
    return graph
  }

  private static func valueInfo(
    _ name: String, _ type: ElementType, _ shape: [Int?]
  ) -> Onnx_ValueInfoProto {
    var info = Onnx_ValueInfoProto()
    info.name = name
    var tensor = Onnx_TypeProto.Tensor()
    tensor.elemType = Int32(type.onnx.rawValue)
    tensor.shape.dim = shape.enumerated().map { axis, size in
      var dimension = Onnx_TensorShapeProto.Dimension()
      if let size {
        dimension.dimValue = Int64(size)
      } else {
        dimension.dimParam = "\(name)_\(axis)"
      }
      return dimension
    }
    info.type.tensorType = tensor
    return info
  }
}

extension Node {
  /// A group norm as reshape, instance norm and reshape; anything else as it is.
  fileprivate func spelledOut(_ helpers: inout [String: Constant]) -> [Node] {
    guard op == "GroupNormalization", let groups = integer("num_groups"),
      let output = outputs.first,
      (1...1 << 16).contains(groups), inputs.count == 3
    else { return [self] }
    let part = { (suffix: String) -> String in "\(output):\(suffix)" }
    helpers[part("to-groups")] = Constant(integers: [0, groups, -1])
    helpers[part("ones")] = Constant([Float](repeating: 1, count: groups))
    helpers[part("zeros")] = Constant([Float](repeating: 0, count: groups))
    helpers[part("axes")] = Constant(integers: [1, 2])
    return [
      Node("Reshape", inputs: [inputs[0], part("to-groups")], outputs: [part("groups")]),
      Node(
        "InstanceNormalization", name: name,
        inputs: [part("groups"), part("ones"), part("zeros")], outputs: [part("normed")],
        attributes: ["epsilon": .float(float("epsilon") ?? 1e-5)]),
      Node("Shape", inputs: [inputs[0]], outputs: [part("size")]),
      Node("Reshape", inputs: [part("normed"), part("size")], outputs: [part("picture")]),
      Node("Unsqueeze", inputs: [inputs[1], part("axes")], outputs: [part("scale")]),
      Node("Unsqueeze", inputs: [inputs[2], part("axes")], outputs: [part("shift")]),
      Node("Mul", inputs: [part("picture"), part("scale")], outputs: [part("scaled")]),
      Node("Add", inputs: [part("scaled"), part("shift")], outputs: [output]),
    ]
  }

  fileprivate func proto() -> Onnx_NodeProto {
    var node = Onnx_NodeProto()
    node.opType = op
    if !name.isEmpty { node.name = name }
    node.input = inputs
    node.output = outputs
    node.attribute = attributes.sorted { $0.key < $1.key }.map { $1.proto(name: $0) }
    return node
  }
}

extension Attribute {
  fileprivate func proto(name: String) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    attribute.name = name
    switch self {
    case .integer(let value):
      attribute.type = .int
      attribute.i = Int64(value)
    case .float(let value):
      attribute.type = .float
      attribute.f = value
    case .text(let value):
      attribute.type = .string
      attribute.s = Data(value.utf8)
    case .integers(let values):
      attribute.type = .ints
      attribute.ints = values.map(Int64.init)
    case .floats(let values):
      attribute.type = .floats
      attribute.floats = values
    case .texts(let values):
      attribute.type = .strings
      attribute.strings = values.map { Data($0.utf8) }
    case .constant(let constant):
      attribute.type = .tensor
      attribute.t = constant.proto(name: "")
    }
    return attribute
  }
}

extension Constant {
  fileprivate func proto(name: String) -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    if !name.isEmpty { tensor.name = name }
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = Int32(elementType.onnx.rawValue)
    tensor.rawData = bytes
    return tensor
  }
}

extension ElementType {
  /// The type's number in ONNX.
  var onnx: Onnx_TensorProto.DataType {
    switch self {
    case .float32: .float
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float64: .double
    case .int8: .int8
    case .int16: .int16
    case .int32: .int32
    case .int64: .int64
    case .uint8: .uint8
    case .uint16: .uint16
    case .uint32: .uint32
    case .uint64: .uint64
    case .bool: .bool
    }
  }

  /// The type of a number in ONNX; nil for one that no network of images needs.
  init?(onnx number: Int32) {
    guard
      let type = ElementType.allCases.first(where: { $0.onnx.rawValue == Int(number) })
    else { return nil }
    self = type
  }
}

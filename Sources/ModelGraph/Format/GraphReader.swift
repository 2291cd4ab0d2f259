public import Foundation
import SwiftProtobuf

extension Graph {
  /// Reads an ONNX file and rewrites what it holds to opset 17.
  ///
  /// `directory` is where weights stored beside the file are looked for, and nowhere else.
  public init(onnx data: Data, directory: URL? = nil) throws(ModelError) {
    let action = "reading the model"
    guard !data.isEmpty else { throw ModelError(action, "it is empty") }
    let model: Onnx_ModelProto
    do {
      var options = BinaryDecodingOptions()
      options.messageDepthLimit = 32
      model = try Onnx_ModelProto(serializedBytes: data, options: options)
    } catch {
      throw ModelError(
        action, "this is no ONNX file, or it is cut off; export it again and copy it whole")
    }
    guard model.hasGraph, !model.graph.node.isEmpty else {
      throw ModelError(action, "there is no network in it; export it again")
    }
    let versions = model.opsetImport.filter { ["", "ai.onnx"].contains($0.domain) }
    guard let opset = versions.map(\.version).max() ?? (model.irVersion < 3 ? 1 : nil),
      (1...100).contains(opset)
    else {
      throw ModelError(action, "it does not say which version of the operators it uses")
    }
    let reader = GraphReader(directory: directory)
    var graph = try reader.graph(model.graph)
    try graph.validate()
    try graph.lift(from: Int(opset))
    graph.removeUnused()
    try graph.validate()
    self = graph
  }
}

/// Turns the messages of an ONNX file into a graph as it stands.
struct GraphReader {
  let directory: URL?
  private let action = "reading the model"

  func graph(_ proto: Onnx_GraphProto) throws(ModelError) -> Graph {
    guard proto.sparseInitializer.isEmpty else {
      throw ModelError(action, "it holds sparse weights; export it with dense ones")
    }
    var constants: [String: Constant] = [:]
    for tensor in proto.initializer {
      guard constants.updateValue(try constant(tensor), forKey: tensor.name) == nil else {
        throw ModelError(action, "two weights are called \(tensor.name)")
      }
    }
    var inputs: [GraphInput] = []
    // Old files list weights among the inputs.
    for info in proto.input where constants[info.name] == nil { inputs.append(try input(info)) }
    var nodes: [Node] = []
    for node in proto.node { nodes.append(try self.node(node)) }
    return Graph(
      name: proto.name, inputs: inputs, outputs: proto.output.map(\.name), nodes: nodes,
      constants: constants)
  }

  private func input(_ info: Onnx_ValueInfoProto) throws(ModelError) -> GraphInput {
    guard info.hasType, case .tensorType(let tensor)? = info.type.value,
      let type = ElementType(onnx: tensor.elemType)
    else { throw ModelError(action, "input \(info.name) is no tensor of numbers") }
    guard tensor.shape.dim.count <= 16 else {
      throw ModelError(action, "input \(info.name) has \(tensor.shape.dim.count) axes")
    }
    let shape = tensor.shape.dim.map { dimension -> Int? in
      if case .dimValue(let size)? = dimension.value, size > 0 { Int(size) } else { nil }
    }
    return GraphInput(info.name, elementType: type, shape: shape)
  }

  private func node(_ proto: Onnx_NodeProto) throws(ModelError) -> Node {
    guard ["", "ai.onnx"].contains(proto.domain) else {
      throw ModelError(
        action,
        "operator \(proto.opType) of '\(proto.domain)' is not one of ONNX's own; export without it")
    }
    var attributes: [String: Attribute] = [:]
    for attribute in proto.attribute {
      attributes[attribute.name] = try self.attribute(attribute, of: proto)
    }
    return Node(
      proto.opType, name: proto.name, inputs: proto.input, outputs: proto.output,
      attributes: attributes)
  }

  private func attribute(
    _ proto: Onnx_AttributeProto, of node: Onnx_NodeProto
  ) throws(ModelError) -> Attribute {
    switch proto.type {
    case .int: return .integer(Int(proto.i))
    case .float: return .float(proto.f)
    case .string: return .text(String(decoding: proto.s, as: UTF8.self))
    case .ints: return .integers(proto.ints.map { Int($0) })
    case .floats: return .floats(proto.floats)
    case .strings: return .texts(proto.strings.map { String(decoding: $0, as: UTF8.self) })
    case .tensor: return .constant(try constant(proto.t))
    case .undefined:
      // Files from before the type was recorded: what is there tells it.
      if proto.hasI { return .integer(Int(proto.i)) }
      if proto.hasF { return .float(proto.f) }
      if proto.hasS { return .text(String(decoding: proto.s, as: UTF8.self)) }
      if proto.hasT { return .constant(try constant(proto.t)) }
      if !proto.floats.isEmpty { return .floats(proto.floats) }
      return .integers(proto.ints.map { Int($0) })
    default:
      throw ModelError(
        action,
        "\(node.opType) \(node.name) has a graph or a list inside (\(proto.name)); "
          + "loops and branches cannot be translated tile by tile")
    }
  }

  func constant(_ tensor: Onnx_TensorProto) throws(ModelError) -> Constant {
    let title = tensor.name.isEmpty ? "a constant" : "weight \(tensor.name)"
    guard let type = ElementType(onnx: tensor.dataType) else {
      throw ModelError(action, "\(title) has a type that is not supported (\(tensor.dataType))")
    }
    guard !tensor.hasSegment else { throw ModelError(action, "\(title) is stored in segments") }
    var volume = 1
    for size in tensor.dims {
      // Axes beside an empty one are bounded too.
      let (product, overflow) = volume.multipliedReportingOverflow(by: max(1, Int(size)))
      guard size >= 0, !overflow, product <= 1 << 40, tensor.dims.count <= 16 else {
        throw ModelError(action, "\(title) has an impossible shape \(tensor.dims.prefix(16))")
      }
      volume = product
    }
    let count = tensor.dims.contains(0) ? 0 : volume
    let bytes =
      tensor.dataLocation == .external
      ? try externalBytes(tensor, title) : Self.inlineBytes(tensor, type)
    guard bytes.count == count * type.bytes else {
      throw ModelError(
        action,
        "\(title) holds \(bytes.count) bytes, its shape \(tensor.dims) needs \(count * type.bytes)")
    }
    return Constant(shape: tensor.dims.map { Int($0) }, elementType: type, bytes: bytes)
  }

  private static func inlineBytes(_ tensor: Onnx_TensorProto, _ type: ElementType) -> Data {
    guard tensor.rawData.isEmpty else { return tensor.rawData }
    switch type {
    case .float32: return pack(tensor.floatData) { $0 }
    case .float64: return pack(tensor.doubleData) { $0 }
    case .int64: return pack(tensor.int64Data) { $0 }
    case .int32: return pack(tensor.int32Data) { $0 }
    case .int16: return pack(tensor.int32Data) { Int16(truncatingIfNeeded: $0) }
    case .int8: return pack(tensor.int32Data) { Int8(truncatingIfNeeded: $0) }
    case .uint8, .bool: return pack(tensor.int32Data) { UInt8(truncatingIfNeeded: $0) }
    case .uint16, .float16, .bfloat16:
      return pack(tensor.int32Data) { UInt16(truncatingIfNeeded: $0) }
    case .uint32: return pack(tensor.uint64Data) { UInt32(truncatingIfNeeded: $0) }
    case .uint64: return pack(tensor.uint64Data) { $0 }
    }
  }

  private static func pack<Value, Stored: BitwiseCopyable>(
    _ values: [Value], _ convert: (Value) -> Stored
  ) -> Data {
    values.map(convert).withUnsafeBytes { Data($0) }
  }

  private func externalBytes(
    _ tensor: Onnx_TensorProto, _ title: String
  ) throws(ModelError) -> Data {
    var entries: [String: String] = [:]
    for entry in tensor.externalData { entries[entry.key] = entry.value }
    let location = entries["location"] ?? ""
    guard let directory else {
      throw ModelError(action, "\(title) lies in another file (\(location)), which is not at hand")
    }
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    let root = directory.standardizedFileURL.resolvingSymlinksInPath()
    let file = root.appending(path: location).standardizedFileURL.resolvingSymlinksInPath()
    guard !location.isEmpty, !location.hasPrefix("/"), !parts.contains(".."),
      file.path.hasPrefix(root.path + "/")
    else {
      throw ModelError(
        action,
        "\(title) points to '\(location)', outside of the model's directory; that is refused")
    }
    let isFile = (try? file.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile ?? false
    guard isFile, let data = try? Data(contentsOf: file, options: .mappedIfSafe) else {
      throw ModelError(
        action, "\(title) lies in \(location), which cannot be read; keep it beside the model")
    }
    guard let offset = Int(entries["offset"] ?? "0"), (0...data.count).contains(offset),
      let length = Int(entries["length"] ?? "\(data.count - offset)"),
      (0...(data.count - offset)).contains(length)
    else {
      throw ModelError(action, "\(location) is too short for \(title); copy it again")
    }
    return data.subdata(in: offset..<(offset + length))
  }
}

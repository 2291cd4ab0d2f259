import Base
internal import COpenVINO
import Foundation

/// A network that OpenVINO has read but not compiled.
final class ReadModel {
  let model: OpaquePointer
  private let runtime: Runtime

  /// Reads ONNX; what it names outside of `onnx` is not there.
  init(_ onnx: Data, _ runtime: Runtime, _ core: OpaquePointer) throws(TesseraError) {
    let action = "reading the model"
    guard !onnx.isEmpty else { throw TesseraError(action: action, "it is empty") }
    var read: OpaquePointer?
    let status = onnx.withUnsafeBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters -> copenvino_status in
        guard let base = characters.baseAddress else { return -1 }
        return runtime.call.core_read_model_from_memory_buffer(
          core, base, characters.count, nil, &read)
      }
    }
    try runtime.check(status, action)
    guard let read else { throw TesseraError(action: action, "OpenVINO gave no model") }
    model = read
    self.runtime = runtime
  }

  deinit { runtime.call.model_free(model) }

  /// Gives every input a fixed shape.
  func reshape(_ shapes: [[Int]]) throws(TesseraError) {
    let action = "reshaping the model"
    let call = runtime.call
    var count = 0
    try runtime.check(call.model_inputs_size(model, &count), action)
    guard count == shapes.count, shapes.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 > 0 } })
    else {
      throw TesseraError(
        action: action,
        "it has \(count) inputs, the shapes are \(shapes); each needs one, sizes above 0")
    }
    var partial = [ov_partial_shape](repeating: ov_partial_shape(), count: count)
    defer { for index in partial.indices { call.partial_shape_free(&partial[index]) } }
    for (index, shape) in shapes.enumerated() {
      try runtime.check(
        call.partial_shape_create_static(
          Int64(shape.count), shape.map(Int64.init), &partial[index]), action)
    }
    try runtime.check(
      call.model_reshape_by_port_indexes(model, Array(0..<count), partial, count),
      "\(action) to \(shapes)")
  }

  /// The inputs, all in f32 and of fixed shape.
  func inputs() throws(TesseraError) -> [TensorDescription] {
    let call = runtime.call
    return try ports("input", call.model_inputs_size, call.model_const_input_by_index)
  }

  /// The outputs, all in f32 and of fixed shape.
  func outputs() throws(TesseraError) -> [TensorDescription] {
    let call = runtime.call
    return try ports("output", call.model_outputs_size, call.model_const_output_by_index)
  }

  private func ports(
    _ kind: String, _ size: (OpaquePointer, UnsafeMutablePointer<Int>) -> copenvino_status,
    _ port: (OpaquePointer, Int, UnsafeMutablePointer<OpaquePointer?>) -> copenvino_status
  ) throws(TesseraError) -> [TensorDescription] {
    let action = "reading the model's \(kind)s"
    var count = 0
    try runtime.check(size(model, &count), action)
    var tensors: [TensorDescription] = []
    for index in 0..<count {
      var handle: OpaquePointer?
      try runtime.check(port(model, index, &handle), action)
      guard let handle else { throw TesseraError(action: action, "OpenVINO gave no \(kind)") }
      defer { runtime.call.output_const_port_free(handle) }
      tensors.append(try describe(handle, "\(kind) \(index)"))
    }
    return tensors
  }

  private func describe(
    _ port: OpaquePointer, _ title: String
  ) throws(TesseraError) -> TensorDescription {
    let action = "reading the model's \(title)"
    let call = runtime.call
    var text: UnsafeMutablePointer<CChar>?
    let name = call.port_get_any_name(port, &text) == 0 ? text.map { String(cString: $0) } : nil
    call.free(text)
    var number: Int32 = 0
    try runtime.check(call.port_get_element_type(port, &number), action)
    let type = runtime.elementType(number)
    guard type == .f32 else {
      throw TesseraError(action: action, "\(name ?? title) holds \(type.rawValue), not f32")
    }
    var partial = ov_partial_shape()
    try runtime.check(call.port_get_partial_shape(port, &partial), action)
    defer { call.partial_shape_free(&partial) }
    let isRanked = partial.rank.min == partial.rank.max
    let axes = UnsafeBufferPointer(
      start: partial.dims, count: isRanked ? Int(partial.rank.max) : 0)
    guard isRanked, axes.allSatisfy({ $0.min == $0.max && $0.min >= 0 }) else {
      let sizes = axes.map { $0.min == $0.max ? String($0.min) : "?" }.joined(separator: ", ")
      throw TesseraError(
        action: action,
        "\(name ?? title) has no fixed shape (\(isRanked ? "[\(sizes)]" : "unknown rank"));"
          + " give the shapes of the inputs")
    }
    return TensorDescription(name: name ?? "", shape: axes.map { Int($0.min) }, elementType: type)
  }
}

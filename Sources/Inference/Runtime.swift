import Base
internal import COpenVINO

/// OpenVINO's functions, loaded once and never unloaded.
///
/// Unchecked because of the pointer: what it points to is written before the first reader and never after.
final class Runtime: @unchecked Sendable {
  private let api: UnsafePointer<copenvino_api>

  /// The functions by name.
  var call: copenvino_functions { api.pointee.call }

  /// Loads the first library that `search` finds.
  init(_ search: RuntimeSearch) throws(TesseraError) {
    let action = "loading OpenVINO"
    var reason = ""
    for candidate in search.candidates {
      var buffer = [CChar](repeating: 0, count: 512)
      if let api = copenvino_load(candidate, &buffer, buffer.count) {
        self.api = api
        return
      }
      let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      // A library that is there but broken says more than one that is absent.
      if search.override != nil || !text.contains("cannot open shared object file") {
        reason = text
      }
    }
    if let override = search.override {
      throw TesseraError(
        action: action,
        "TESSERA_OPENVINO is \(override), but no libopenvino_c loads from there"
          + (reason.isEmpty ? "" : " (\(reason))") + "; correct it, or unset it and run make setup")
    }
    throw TesseraError(
      action: action,
      "libopenvino_c is not installed"
        + (reason.isEmpty ? "" : " (\(reason))")
        + "; run make setup, or set TESSERA_OPENVINO to its folder. Only networks need it")
  }

  /// Throws what OpenVINO says about a status that is not success.
  func check(_ status: copenvino_status, _ action: String) throws(TesseraError) {
    guard status != 0 else { return }
    let message = copenvino_last_message(api)
    defer { call.free(message) }
    let text = message.map { String(cString: $0) } ?? ""
    // "Exception from FILE:LINE:" and "Check '...' failed at" frame the sentence that matters.
    let lines = text.split(whereSeparator: \.isNewline)
      .filter { !$0.hasPrefix("Exception from ") && !$0.allSatisfy(\.isWhitespace) }
    let fallback = call.get_error_info(status).map { String(cString: $0) } ?? "no reason given"
    throw TesseraError(
      action: action, "OpenVINO: " + (lines.isEmpty ? fallback : lines.joined(separator: " ")))
  }

  /// Element type of OpenVINO's number.
  func elementType(_ number: Int32) -> ElementType {
    ElementType(rank: Int(number - api.pointee.first_element_type))
  }

  /// Compiles for the processor.
  func compile(
    _ core: OpaquePointer, _ model: OpaquePointer, precision: String, threads: Int, streams: Int
  ) throws(TesseraError) -> OpaquePointer {
    var compiled: OpaquePointer?
    let action = "compiling the model"
    try check(
      copenvino_compile(
        api, core, model, precision, String(threads), String(streams), &compiled), action)
    guard let compiled else { throw TesseraError(action: action, "OpenVINO gave no model") }
    return compiled
  }
}

import Base
import Foundation

extension SafetensorsFile {
  /// Writes the file; what was there is replaced only when all is on the disk.
  ///
  /// The same tensors and metadata give the same bytes: tensors stay in order, metadata is sorted.
  public func write(to path: String) throws(TesseraError) {
    let header = try header(for: path)
    let file = try AtomicFile(path, action: "writing the safetensors file")
    try file.append(header)
    for (_, tensor) in tensors { try file.append(tensor.bytes) }
    try file.publish()
  }

  /// The file's bytes.
  ///
  /// - Throws: An error if a tensor is called `__metadata__`.
  public func encoded() throws(TesseraError) -> Data {
    var data = try header(for: "safetensors")
    for (_, tensor) in tensors { data += tensor.bytes }
    return data
  }

  // Length and JSON, padded so that the numbers start at a multiple of 8.
  private func header(for path: String) throws(TesseraError) -> Data {
    var parts: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      parts.append("\"\(SafetensorsHeader.metadataKey)\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for (name, tensor) in tensors {
      guard name != SafetensorsHeader.metadataKey else {
        throw TesseraError(
          path, "writing the safetensors file", "no tensor may be called \(name): rename it")
      }
      let end = offset + tensor.bytes.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      parts.append(
        "\(Self.quoted(name)):{\"dtype\":\"\(tensor.element.safetensorsName)\","
          + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var json = Array("{\(parts.joined(separator: ","))}".utf8)
    json += Array(repeating: 0x20, count: (8 - json.count % 8) % 8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }
    return Data(length + json)
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

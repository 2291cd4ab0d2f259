import Foundation

/// The JSON at the start of a safetensors file.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let element: CheckpointElement
    let shape: [Int]
    let start: Int
    let end: Int
  }

  /// The limit of other readers.
  static let lengthLimit = 100_000_000
  static let metadataKey = "__metadata__"

  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]

  init(_ json: Data) throws(FormatError) {
    var reader = JSONCursor(json)
    var names: Set<String> = []
    try reader.object { reader, name throws(FormatError) in
      guard names.insert(name).inserted else { throw FormatError("tensor \(name) is there twice") }
      if name == Self.metadataKey {
        metadata = try Self.metadata(&reader)
      } else {
        entries.append(try Self.entry(name, &reader))
      }
    }
    try reader.finish()
  }

  private static func metadata(_ reader: inout JSONCursor) throws(FormatError) -> [String: String] {
    var metadata: [String: String] = [:]
    try reader.object { reader, key throws(FormatError) in
      guard metadata.updateValue(try reader.string(), forKey: key) == nil else {
        throw FormatError("\(key) is in its \(metadataKey) twice")
      }
    }
    return metadata
  }

  private static func entry(_ name: String, _ reader: inout JSONCursor) throws(FormatError) -> Entry
  {
    var (type, shape, offsets): (String?, [Int]?, [Int]?)
    try reader.object { reader, key throws(FormatError) in
      switch key {
      case "dtype" where type == nil: type = try reader.string()
      case "shape" where shape == nil: shape = try reader.integers()
      case "data_offsets" where offsets == nil: offsets = try reader.integers()
      default: throw FormatError("tensor \(name) has \(key) where the format has nothing, or twice")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw FormatError("tensor \(name) lacks dtype, shape or data_offsets")
    }
    guard let element = CheckpointElement(safetensorsName: type) else {
      throw FormatError("tensor \(name) holds \(type) numbers, which are not read; convert it")
    }
    guard shape.count <= TensorView.rankLimit, let size = element.byteCount(of: shape) else {
      throw FormatError("tensor \(name) has the size \(shape), which is too large")
    }
    guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == size else {
      throw FormatError(
        "tensor \(name) of \(type) \(shape) has \(size) bytes, but its offsets are \(offsets)")
    }
    return Entry(name: name, element: element, shape: shape, start: offsets[0], end: offsets[1])
  }
}

extension CheckpointElement {
  init?(safetensorsName name: String) {
    guard let element = Self.allCases.first(where: { $0.safetensorsName == name }) else {
      return nil
    }
    self = element
  }

  /// The type's name in a safetensors file.
  var safetensorsName: String {
    rawValue.uppercased()
  }
}

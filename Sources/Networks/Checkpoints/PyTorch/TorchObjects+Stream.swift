import Foundation

extension TorchObjects {
  // The instruction LONG1 and the number 0x1950A86A20F9469CFC6C.
  private static let magic: [UInt8] = [
    0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  /// Whether bytes begin like a stream: a pickle, of any protocol, of the magic number.
  static func beginsStream(_ data: Data) -> Bool {
    guard data.first == 0x80 else { return false }
    // Protocol 4 may have the length of the pickle in front.
    return [2, 11].contains { data.dropFirst($0).starts(with: magic) }
  }

  /// Reads what torch 0.1.10 to 1.5 writes: five pickles, then the storages.
  init(stream data: Data) throws(FormatError) {
    var cursor = ByteCursor(data)
    _ = try PickleReader.read(&cursor)
    guard case .int(1001) = try PickleReader.read(&cursor).root else {
      throw FormatError("it is a stream of torch of an unknown version")
    }
    let system = try PickleReader.read(&cursor)
    for entry in system.entries(system.root) ?? [] where entry.key == "little_endian" {
      if case .bool(false) = entry.value {
        throw FormatError("its numbers are big-endian; save it again on another machine")
      }
    }
    pickle = try PickleReader.read(&cursor)
    var references: [String: StorageReference] = [:]
    for object in pickle.objects {
      guard case .persistent = object.kind else { continue }
      let reference = try StorageReference(object.arguments, in: pickle)
      if references[reference.key] == nil { references[reference.key] = reference }
    }
    let list = try PickleReader.read(&cursor)
    guard let keys = list.elements(list.root) else {
      throw FormatError("it has no list of its storages")
    }
    var storages: [String: Data] = [:]
    for key in keys {
      guard let key = StorageReference.key(key), let reference = references[key],
        storages[key] == nil
      else { throw FormatError("it lists a storage that no parameter uses, or one twice") }
      storages[key] = try cursor.storage(reference.type, key, count: reference.count)
    }
    self.storages = storages
  }
}

extension ByteCursor {
  /// A number of elements and as many raw numbers.
  mutating func storage(
    _ type: StorageType, _ key: String, count expected: Int?
  ) throws(FormatError) -> Data {
    let count = try count()
    guard count == expected ?? count else {
      throw FormatError("its storage \(key) has \(count) numbers, not \(expected ?? 0)")
    }
    guard count <= remaining / type.byteCount else { throw .cut }
    return try bytes(count * type.byteCount)
  }
}

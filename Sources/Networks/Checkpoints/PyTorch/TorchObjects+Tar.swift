import Foundation

extension TorchObjects {
  /// Reads what torch up to 0.1.9 writes: a TAR archive of storages, tensors and a pickle.
  init(tar data: Data) throws(Refusal) {
    let archive = try TarArchive(data)
    guard let storages = archive.members["storages"], let tensors = archive.members["tensors"],
      let object = archive.members["pickle"]
    else {
      throw Refusal(
        "it is a TAR archive, but not one of torch.save: it lacks storages, tensors or pickle;"
          + " unpack it")
    }
    let table = try TarStorages(storages)
    var cursor = ByteCursor(object)
    pickle = try PickleReader.read(&cursor)
    self.tensors = try table.tensors(tensors)
    self.storages = [:]
  }
}

/// The storages of a TAR checkpoint, with their types.
private struct TarStorages {
  private struct Storage {
    let type: StorageType
    let bytes: Data
  }

  private var storages: [String: Storage] = [:]

  init(_ data: Data) throws(Refusal) {
    var cursor = ByteCursor(data)
    let count = try Self.count(&cursor)
    for _ in 0..<count {
      let parts = try Self.parts(&cursor, count: 3)
      guard let key = StorageReference.key(parts[0]), case .global(.storage(let type)) = parts[2]
      else { throw Refusal("it describes a storage in an unknown way") }
      let bytes = try cursor.storage(type, key, count: nil)
      storages[key] = Storage(type: type, bytes: bytes)
    }
    let views = try PickleReader.read(&cursor)
    for view in views.elements(views.root) ?? [] {
      guard let parts = views.elements(view), parts.count == 4,
        let key = StorageReference.key(parts[0]), let root = StorageReference.key(parts[1]),
        case .int(let offset) = parts[2], case .int(let size) = parts[3],
        let storage = storages[root], offset >= 0, size >= 0,
        offset <= storage.bytes.count / storage.type.byteCount,
        size <= storage.bytes.count / storage.type.byteCount - offset
      else { throw Refusal("it describes part of a storage in an unknown way") }
      let bytes = storage.bytes.dropFirst(offset * storage.type.byteCount)
        .prefix(size * storage.type.byteCount)
      storages[key] = Storage(type: storage.type, bytes: bytes)
    }
  }

  /// Each is a pickle (key, key of its storage, class), then axes, sizes, strides and offset.
  func tensors(_ data: Data) throws(Refusal) -> [String: TensorView] {
    var cursor = ByteCursor(data)
    var tensors: [String: TensorView] = [:]
    for _ in 0..<(try Self.count(&cursor)) {
      let parts = try Self.parts(&cursor, count: 3)
      guard let key = StorageReference.key(parts[0]),
        let storage = StorageReference.key(parts[1]).flatMap({ storages[$0] })
      else { throw Refusal("one of its tensors has no storage") }
      guard let element = storage.type.element else {
        throw Refusal("it holds \(storage.type.name) numbers, which are not read")
      }
      let rank = Int(try cursor.number(Int32.self))
      try cursor.skip(4)
      guard (0...TensorView.rankLimit).contains(rank) else {
        throw Refusal("one of its tensors has \(rank) axes")
      }
      var numbers: [Int] = []
      for _ in 0...(2 * rank) { numbers.append(Int(try cursor.number(Int64.self))) }
      tensors[key] = try TensorView(
        storage: storage.bytes, element: element, offset: numbers[2 * rank],
        shape: Array(numbers[..<rank]), strides: Array(numbers[rank..<(2 * rank)]))
    }
    return tensors
  }

  private static func count(_ cursor: inout ByteCursor) throws(Refusal) -> Int {
    guard case .int(let count) = try PickleReader.read(&cursor).root, count >= 0 else {
      throw Refusal("it does not say how many storages or tensors it has")
    }
    return count
  }

  private static func parts(
    _ cursor: inout ByteCursor, count: Int
  ) throws(Refusal) -> [PickleValue] {
    let pickle = try PickleReader.read(&cursor)
    guard let parts = pickle.elements(pickle.root), parts.count == count else {
      throw Refusal("it describes a storage or tensor in an unknown way")
    }
    return parts
  }
}

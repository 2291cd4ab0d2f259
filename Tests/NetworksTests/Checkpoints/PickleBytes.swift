import Foundation

/// Instructions of the pickle machine, put together by hand.
enum PickleBytes {
  static let mark: [UInt8] = [0x28]
  static let stop: [UInt8] = [0x2E]
  static let none: [UInt8] = [0x4E]
  static let reduce: [UInt8] = [0x52]
  static let persistent: [UInt8] = [0x51]
  static let tuple: [UInt8] = [0x74]
  static let emptyTuple: [UInt8] = [0x29]
  static let emptyList: [UInt8] = [0x5D]
  static let emptyDictionary: [UInt8] = [0x7D]
  static let append: [UInt8] = [0x61]
  static let setItem: [UInt8] = [0x73]
  static let setItems: [UInt8] = [0x75]
  static let orderedDictionary = global("collections", "OrderedDict") + emptyTuple + reduce

  /// A whole pickle of protocol 2.
  static func pickle(_ body: [UInt8]) -> [UInt8] { [0x80, 2] + body + stop }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    [0x63] + Array("\(module)\n\(name)\n".utf8)
  }

  static func text(_ text: String) -> [UInt8] {
    [0x58] + little(UInt32(text.utf8.count)) + Array(text.utf8)
  }

  static func shortText(_ text: String) -> [UInt8] {
    [0x8C, UInt8(text.utf8.count)] + Array(text.utf8)
  }

  static func integer(_ value: Int) -> [UInt8] {
    if let value = Int32(exactly: value) { return [0x4A] + little(value) }
    return [0x8A, 8] + little(value)
  }

  static func tuple(_ items: [[UInt8]]) -> [UInt8] { mark + items.flatMap { $0 } + tuple }

  static func put(_ place: UInt8) -> [UInt8] { [0x71, place] }
  static func get(_ place: UInt8) -> [UInt8] { [0x68, place] }

  /// Pushes a storage.
  static func storage(
    _ type: String = "FloatStorage", key: String = "0", count: Int, view: [UInt8] = []
  ) -> [UInt8] {
    tuple([text("storage"), global("torch", type), text(key), text("cpu"), integer(count), view])
      + persistent
  }

  /// Pushes a tensor.
  static func tensor(
    _ storage: [UInt8], offset: Int = 0, shape: [Int], strides: [Int]
  ) -> [UInt8] {
    global("torch._utils", "_rebuild_tensor_v2")
      + tuple([
        storage, integer(offset), tuple(shape.map(integer)), tuple(strides.map(integer)), [0x89],
        orderedDictionary,
      ]) + reduce
  }

  /// A pickle of a dictionary.
  static func dictionary(_ entries: [(String, [UInt8])]) -> [UInt8] {
    pickle(
      emptyDictionary + mark + entries.flatMap { text($0.0) + $0.1 } + setItems)
  }

  static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}

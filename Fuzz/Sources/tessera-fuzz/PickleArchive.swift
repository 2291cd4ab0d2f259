import Foundation

/// A checkpoint around a pickle, so that mutations change nothing but instructions.
enum PickleArchive {
  /// A ZIP archive of the pickle and storages "0" and "1" of 64 bytes.
  static func around(_ pickle: Data) -> Data {
    let numbers = Data((0..<64).map { UInt8($0) })
    var bytes = Data()
    var directory = Data()
    for (name, content) in [("a/data.pkl", pickle), ("a/data/0", numbers), ("a/data/1", numbers)] {
      let offset = bytes.count
      bytes += [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22)
      bytes += little(name.utf8.count, 2) + little(0, 2) + Array(name.utf8)
      bytes += content
      directory += [0x50, 0x4B, 1, 2] + [UInt8](repeating: 0, count: 16)
      directory += little(content.count, 4) + little(content.count, 4)
      directory += little(name.utf8.count, 2) + [UInt8](repeating: 0, count: 12)
      directory += little(offset, 4) + Array(name.utf8)
    }
    let start = bytes.count
    bytes += directory
    bytes += [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + little(3, 2) + little(3, 2)
    bytes += little(directory.count, 4) + little(start, 4) + little(0, 2)
    return bytes
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

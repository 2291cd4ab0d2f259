import Base
import Foundation
import Translation

/// The symbols that a library exports, read from its file: nothing of it is loaded or run.
struct LibrarySymbols {
  /// The names, as C has them.
  let names: Set<String>

  /// What every plugin exports.
  private static let required = ["plugin_abi_version", "plugin_register"]
  private static let largest = 4 << 30

  /// Refuses what is no library for this machine, and what is no plugin.
  static func check(_ path: String) throws(TesseraError) {
    func refusal(_ reason: String) -> TesseraError {
      TesseraError(path, PluginFolder.action, reason)
    }
    guard let data = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe),
      data.count < largest
    else { throw refusal("it cannot be read") }
    guard let symbols = LibrarySymbols(data) else {
      throw refusal(
        "it cannot be loaded: it is no library for this computer, or damaged; build the plugin again"
      )
    }
    let missing = required.filter { !symbols.names.contains($0) }
    guard missing.isEmpty else {
      throw refusal(
        "it is no plugin of Tessera: it has no \(required.joined(separator: " and "))")
    }
  }

  /// Reads the symbols; nil where the file is none of this system's libraries.
  init?(_ data: Data) {
    let names = data.withUnsafeBytes { bytes -> Set<String>? in
      #if canImport(Darwin)
        Self.machO(bytes)
      #else
        Self.elf(bytes)
      #endif
    }
    guard let names else { return nil }
    self.names = names
  }

  private static func number<Number: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _: Number.Type = Number.self
  ) -> Number? {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Number>.size else { return nil }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  private static func text(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> String? {
    guard bytes.indices.contains(offset) else { return nil }
    let end = bytes[offset...].prefix(4096).firstIndex(of: 0) ?? offset
    return String(decoding: bytes[offset..<end], as: UTF8.self)
  }

  /// Of a 64-bit ELF file for this processor: the defined symbols of its dynamic table.
  private static func elf(_ bytes: UnsafeRawBufferPointer) -> Set<String>? {
    #if arch(arm64)
      let machine = 183
    #else
      let machine = 62
    #endif
    guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]),
      number(bytes, 18, UInt16.self).map(Int.init) == machine,
      let table = number(bytes, 40, UInt64.self).flatMap({ Int(exactly: $0) }),
      let size = number(bytes, 58, UInt16.self).map(Int.init), size >= 64,
      let count = number(bytes, 60, UInt16.self).map(Int.init)
    else { return nil }
    func section(_ index: Int) -> (type: UInt32, offset: Int, size: Int, link: Int)? {
      let (start, isHuge) = table.addingReportingOverflow(index * size)
      guard !isHuge, let type = number(bytes, start + 4, UInt32.self),
        let offset = number(bytes, start + 24, UInt64.self).flatMap({ Int(exactly: $0) }),
        let length = number(bytes, start + 32, UInt64.self).flatMap({ Int(exactly: $0) }),
        let link = number(bytes, start + 40, UInt32.self),
        offset <= bytes.count, length <= bytes.count - offset || type == 8
      else { return nil }
      return (type, offset, length, Int(link))
    }
    var names: Set<String> = []
    var isFound = false
    for index in 0..<count {
      // 11 is the table of dynamic symbols, whose entries have 24 bytes.
      guard let symbols = section(index), symbols.type == 11, let texts = section(symbols.link)
      else { continue }
      isFound = true
      for start in stride(from: symbols.offset, to: symbols.offset + symbols.size - 23, by: 24) {
        guard let name = number(bytes, start, UInt32.self),
          let place = number(bytes, start + 6, UInt16.self), place != 0,
          let text = text(bytes, texts.offset + Int(name)), text.hasPrefix("plugin_")
        else { continue }
        names.insert(text)
      }
    }
    return isFound ? names : nil
  }

  /// Of a 64-bit Mach-O file, or of all parts of one for several processors: the external symbols.
  private static func machO(_ bytes: UnsafeRawBufferPointer) -> Set<String>? {
    guard let magic = number(bytes, 0, UInt32.self) else { return nil }
    if magic.byteSwapped == 0xcafe_babe {
      let count = min(number(bytes, 4, UInt32.self)?.byteSwapped ?? 0, 16)
      var names: Set<String>?
      for index in 0..<Int(count) {
        guard let start = number(bytes, 8 + index * 20 + 8, UInt32.self)?.byteSwapped,
          let size = number(bytes, 8 + index * 20 + 12, UInt32.self)?.byteSwapped,
          Int(start) + Int(size) <= bytes.count
        else { continue }
        let part = UnsafeRawBufferPointer(rebasing: bytes[Int(start)..<(Int(start) + Int(size))])
        if let found = machO(part) { names = (names ?? []).union(found) }
      }
      return names
    }
    guard magic == 0xfeed_facf, let count = number(bytes, 16, UInt32.self) else { return nil }
    var (names, command): (Set<String>, Int) = ([], 32)
    for _ in 0..<min(count, 4096) {
      guard let kind = number(bytes, command, UInt32.self),
        let size = number(bytes, command + 4, UInt32.self), size >= 8
      else { break }
      if kind == 2, let symbols = number(bytes, command + 8, UInt32.self),
        let entries = number(bytes, command + 12, UInt32.self),
        let texts = number(bytes, command + 16, UInt32.self)
      {
        for index in 0..<Int(entries) {
          let entry = Int(symbols) + index * 16
          // External, and defined in a section.
          guard let name = number(bytes, entry, UInt32.self),
            let type = number(bytes, entry + 4, UInt8.self), type & 0x0f == 0x0f,
            let text = text(bytes, Int(texts) + Int(name)), text.hasPrefix("_plugin_")
          else { continue }
          names.insert(String(text.dropFirst()))
        }
      }
      command += Int(size)
    }
    return names
  }
}

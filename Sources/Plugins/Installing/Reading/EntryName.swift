/// The name of an entry of an archive or a folder, taken apart: a way down from the plugin's folder.
///
/// It is looked at byte by byte, as the operating system does: to Swift, a slash with an accent is one
/// character and no slash.
struct EntryName: Sendable, Hashable {
  /// The folders on the way, and the last part.
  let components: [String]

  private static let longest = 1024
  private static let deepest = 64

  /// Takes apart a name that has no fault.
  init(_ name: String) {
    components = Self.parts(name)
  }

  /// The way from the plugin's folder.
  var path: String { components.joined(separator: "/") }

  /// Whether it is something that no plugin needs: hidden, or what Python and macOS leave behind.
  var isLeftOut: Bool {
    components.contains { part in
      part.utf8.first == UInt8(ascii: ".") || part == "__pycache__" || part == "__MACOSX"
    }
  }

  /// Says why nothing may be written under a name, or nothing.
  static func fault(in name: String) -> String? {
    let bytes = name.utf8
    guard bytes.count <= longest else { return "its name has \(bytes.count) bytes" }
    guard !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return "its name holds control characters"
    }
    guard !bytes.contains(UInt8(ascii: "\\")) else { return "its name holds a backslash" }
    guard bytes.first != UInt8(ascii: "/") else { return "its name is an absolute path" }
    let parts = parts(name)
    guard parts.count <= deepest else { return "it lies \(parts.count) folders deep" }
    guard !parts.contains(where: { $0.utf8.elementsEqual("..".utf8) }) else {
      return "its name leads out of the plugin ('..')"
    }
    let start = Array((parts.first ?? "").utf8.prefix(2))
    if start.count == 2, start[1] == UInt8(ascii: ":"),
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(start[0] | 0x20)
    {
      return "its name begins with a drive letter"
    }
    return nil
  }

  private static func parts(_ name: String) -> [String] {
    name.utf8.split(separator: UInt8(ascii: "/"))
      .filter { !$0.elementsEqual(".".utf8) }
      .map { String(Substring($0)) }
  }
}

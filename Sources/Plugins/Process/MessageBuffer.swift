/// Takes messages out of what a program writes, and notices at once what is none.
struct MessageBuffer {
  private var bytes: [UInt8] = []

  /// Adds what has arrived.
  mutating func append(_ new: UnsafeRawBufferPointer) { bytes.append(contentsOf: new) }

  /// Whether there is part of a message.
  var isEmpty: Bool { bytes.isEmpty }

  /// The next message, if all of it is there.
  mutating func next() throws(PluginFault) -> PluginMessage? {
    guard let first = bytes.first else { return nil }
    // The other three bytes of a kind are zero: text shows in its first four bytes.
    guard let kind = PluginMessage.Kind(rawValue: UInt32(first)), let longest = kind.longestBody,
      bytes[1..<min(4, bytes.count)].allSatisfy({ $0 == 0 })
    else { throw junk }
    guard bytes.count >= PluginMessage.headerBytes else { return nil }
    let count = Int(bytes.little(at: 8))
    guard count <= longest else {
      throw PluginFault(
        .plugin, "wrote a message '\(kind)' of \(count) bytes",
        advice: ", which may have \(longest)")
    }
    let end = PluginMessage.headerBytes + count
    guard bytes.count >= end else { return nil }
    defer { bytes.removeFirst(end) }
    return PluginMessage(
      kind: kind, number: bytes.little(at: 4),
      body: Array(bytes[PluginMessage.headerBytes..<end]))
  }

  private var junk: PluginFault {
    let line = bytes.prefix(40).prefix { $0 != UInt8(ascii: "\n") }
    return PluginFault(
      .plugin, "wrote '\(ErrorTail.line(of: line))' to its standard output",
      advice: ", which is no message; what it prints belongs on standard error")
  }
}

public import Foundation

/// Why a JSON text cannot be used, in words that follow its name.
package struct JSONFault: Error, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// A value of a JSON text; numbers stay as they are written.
package indirect enum JSONNode: Sendable {
  case null
  case flag(Bool)
  case number(String)
  case text(String)
  case list([JSONNode])
  case object(JSONFields)

  /// What it is, for messages.
  package var kind: String {
    switch self {
    case .null: "null"
    case .flag: "true or false"
    case .number: "a number"
    case .text: "a text"
    case .list: "a list"
    case .object: "an object"
    }
  }

  /// The value with the fields of another object in place of its own; objects are merged.
  package func merged(with other: JSONNode) -> JSONNode {
    guard case .object(let own) = self, case .object(let given) = other else { return other }
    var fields = own
    for name in given.names {
      guard let new = given[name] else { continue }
      fields[name] = own[name]?.merged(with: new) ?? new
    }
    return .object(fields)
  }
}

/// The fields of an object, in order.
package struct JSONFields: Sendable {
  /// Their names.
  package private(set) var names: [String] = []
  private var values: [String: JSONNode] = [:]

  package subscript(name: String) -> JSONNode? {
    get { values[name] }
    set {
      if values[name] == nil { names.append(name) }
      values[name] = newValue
    }
  }
}

/// Reads JSON (RFC 8259), and tells where a text that is none ends to be one.
package struct JSONText {
  private static let deepest = 1000
  private let bytes: [UInt8]
  private var place = 0

  /// Parses a whole text.
  package static func parse(_ data: Data) throws(JSONFault) -> JSONNode {
    var text = JSONText(bytes: Array(data))
    // Some editors begin a file with a mark that says UTF-8.
    if text.bytes.starts(with: [0xef, 0xbb, 0xbf]) { text.place = 3 }
    let node = try text.value(0)
    text.skipSpace()
    guard text.place == text.bytes.count else { throw text.fault("something follows its end") }
    return node
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func fault(_ what: String) -> JSONFault {
    JSONFault("it is no valid JSON: \(what) \(position)")
  }

  private var position: String {
    let before = bytes[..<min(place, bytes.count)]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let column = String(decoding: before[start...], as: UTF8.self).count + 1
    return "(line \(line), column \(column))"
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipSpace() {
    while let next, [0x20, 0x09, 0x0a, 0x0d].contains(next) { place += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func value(_ depth: Int) throws(JSONFault) -> JSONNode {
    guard depth < Self.deepest else {
      throw JSONFault("its values are nested more than \(Self.deepest) deep")
    }
    skipSpace()
    guard let next else { throw fault("it ends where a value is due") }
    switch next {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try list(depth)
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default: throw fault("a value is due")
    }
  }

  private mutating func word(_ word: String, _ node: JSONNode) throws(JSONFault) -> JSONNode {
    guard bytes[place...].starts(with: word.utf8) else { throw fault("a value is due") }
    place += word.utf8.count
    return node
  }

  private mutating func object(_ depth: Int) throws(JSONFault) -> JSONNode {
    place += 1
    var fields = JSONFields()
    skipSpace()
    if take("}") { return .object(fields) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw fault("a name in quotes is due") }
      let start = place
      let name = try string()
      guard fields[name] == nil else {
        place = start
        throw JSONFault("the field '\(name.inOneLine)' is there twice \(position)")
      }
      skipSpace()
      guard take(":") else { throw fault("a colon is due") }
      fields[name] = try value(depth + 1)
      skipSpace()
      if take("}") { return .object(fields) }
      guard take(",") else { throw fault("a comma or } is due") }
    }
  }

  private mutating func list(_ depth: Int) throws(JSONFault) -> JSONNode {
    place += 1
    var values: [JSONNode] = []
    skipSpace()
    if take("]") { return .list(values) }
    while true {
      values.append(try value(depth + 1))
      skipSpace()
      if take("]") { return .list(values) }
      guard take(",") else { throw fault("a comma or ] is due") }
    }
  }

  private mutating func number() throws(JSONFault) -> String {
    let start = place
    func digits(_ text: inout JSONText) -> Int {
      let first = text.place
      while let next = text.next, (0x30...0x39).contains(next) { text.place += 1 }
      return text.place - first
    }
    _ = take("-")
    let isZero = next == UInt8(ascii: "0")
    let count = digits(&self)
    guard count > 0, !isZero || count == 1 else { throw fault("a number is malformed") }
    if take("."), digits(&self) == 0 { throw fault("digits are due") }
    if take("e") || take("E") {
      if !take("-") { _ = take("+") }
      if digits(&self) == 0 { throw fault("digits are due") }
    }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func string() throws(JSONFault) -> String {
    place += 1
    var result: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        place += 1
        guard let text = String(validating: result, as: UTF8.self) else {
          throw fault("a text is not UTF-8")
        }
        return text
      case UInt8(ascii: "\\"):
        place += 1
        try escape(&result)
      case ..<0x20: throw fault("a text holds a control character, which is to be written \\u00…")
      default:
        result.append(byte)
        place += 1
      }
    }
    throw fault("it ends within a text")
  }

  private mutating func escape(_ result: inout [UInt8]) throws(JSONFault) {
    let simple: [Unicode.Scalar: UInt8] = [
      "\"": 0x22, "\\": 0x5c, "/": 0x2f, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9,
    ]
    guard let byte = next else { throw fault("it ends within a text") }
    if let character = simple[Unicode.Scalar(byte)] {
      place += 1
      result.append(character)
      return
    }
    guard take("u") else { throw fault("a text holds an unknown escape") }
    var code = try hexadecimal()
    if (0xd800..<0xdc00).contains(code), bytes[place...].starts(with: "\\u".utf8) {
      let before = place
      place += 2
      let low = try hexadecimal()
      if (0xdc00..<0xe000).contains(low) {
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      } else {
        place = before
      }
    }
    // Half of a character is allowed, and says nothing.
    result += Array(String(Character(Unicode.Scalar(code) ?? "\u{fffd}")).utf8)
  }

  private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
    let digits = bytes[place..<min(place + 4, bytes.count)]
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count == 4, digits.allSatisfy({ $0 < 0x80 }), !text.hasPrefix("+"),
      let code = UInt32(text, radix: 16)
    else { throw fault("four hexadecimal digits are due") }
    place += 4
    return code
  }
}

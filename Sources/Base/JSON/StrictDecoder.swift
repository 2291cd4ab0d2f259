import Foundation

/// Decodes JSON that people write or edit, and tells what is wrong by its field; one that nothing reads
/// is an error that names the one that was meant.
package enum StrictDecoder {
  /// Reads a value of a text; `takesUnknown` lets fields pass that nothing reads.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from data: Data, takesUnknown: Bool = false
  ) throws(JSONFault) -> Value {
    try decode(type, from: JSONText.parse(data), takesUnknown: takesUnknown)
  }

  /// Reads a value of a tree.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from node: JSONNode, takesUnknown: Bool = false
  ) throws(JSONFault) -> Value {
    let reading = Reading()
    let value: Value
    do {
      value = try NodeDecoder(node: node, codingPath: [], reading: reading).decode(type)
    } catch let fault as JSONFault {
      throw fault
    } catch {
      throw JSONFault(words(for: error))
    }
    if !takesUnknown, let fault = reading.unknownFields { throw fault }
    return value
  }

  /// What the types themselves refuse.
  private static func words(for error: any Error) -> String {
    guard case .dataCorrupted(let context) = error as? DecodingError else { return "\(error)" }
    return "'\(NodeDecoder.name(context.codingPath))' has a value that is not known"
  }
}

/// Which fields of which objects have been asked for.
private final class Reading {
  private var known: [String: (fields: JSONFields, asked: Set<String>)] = [:]
  private var possible: Set<String> = []

  func note(_ path: [any CodingKey], _ fields: JSONFields) {
    let name = NodeDecoder.name(path)
    if known[name] == nil { known[name] = (fields, []) }
  }

  func ask(_ path: [any CodingKey], _ field: String) {
    known[NodeDecoder.name(path)]?.asked.insert(field)
  }

  /// Notes a field that an object could have which is not there.
  func suggest(_ path: [any CodingKey]) { possible.insert(NodeDecoder.name(path)) }

  /// The fields that nobody has asked for, each with the one that it was most likely to be.
  var unknownFields: JSONFault? {
    var faults: [String] = []
    for (path, (fields, asked)) in known.sorted(by: { $0.key < $1.key }) {
      var isListed = false
      for name in fields.names where !asked.contains(name) && name != "$schema" {
        let place = path.isEmpty ? name : "\(path).\(name)"
        var fault = "unknown field '\(place.inOneLine)'"
        if let near = NodeDecoder.nearest(to: name, of: asked) ?? nearestElsewhere(name) {
          fault += "; did you mean '\(near)'?"
        } else if !isListed {
          isListed = true
          fault += "; there is \(asked.sorted().joined(separator: ", "))"
        }
        faults.append(fault)
      }
    }
    guard !faults.isEmpty else { return nil }
    let more = faults.count - Self.told
    return JSONFault(
      faults.prefix(Self.told).joined(separator: "; ") + (more > 0 ? "; and \(more) more" : ""))
  }

  /// How many are told in one line.
  private static let told = 8

  /// A field of another object that a name was most likely to be, with its place.
  private func nearestElsewhere(_ name: String) -> String? {
    var places: [String: String] = [:]
    let asked = known.flatMap { path, entry in
      entry.asked.map { path.isEmpty ? $0 : "\(path).\($0)" }
    }
    for place in (asked + possible).sorted(by: { ($0.count, $0) > ($1.count, $1) }) {
      // The shortest place of a name stays.
      places[place.split(separator: ".").last.map(String.init) ?? place] = place
    }
    return NodeDecoder.nearest(to: name, of: places.keys).flatMap { places[$0] }
  }
}

/// A value of the tree as something to decode from.
private struct NodeDecoder: Decoder {
  let node: JSONNode
  let codingPath: [any CodingKey]
  let reading: Reading
  /// Whether only the names are asked for that an object which is not there could have.
  var isProbing = false

  var userInfo: [CodingUserInfoKey: Any] { [:] }

  static func name(_ path: [any CodingKey]) -> String {
    path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
      .replacing(".[", with: "[")
  }

  /// The one of `names` that `name` was most likely to be.
  static func nearest(to name: String, of names: some Collection<String>) -> String? {
    let typed = Array(name.lowercased())
    let found = names.map { (name: $0, distance: distance(typed, Array($0.lowercased()))) }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let found, found.distance <= max(1, min(typed.count, found.name.count) / 3) else {
      return nil
    }
    return found.name
  }

  /// How many letters are to be put in, left out, changed or exchanged with the next.
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var (last, row) = ([Int](), Array(0...b.count))
    for (i, letter) in a.prefix(64).enumerated() {
      var next = [i + 1]
      for (j, other) in b.enumerated() {
        var best = min(row[j] + (letter == other ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, letter == b[j - 1], a[i - 1] == other { best = min(best, last[j - 1] + 1) }
        next.append(best)
      }
      (last, row) = (row, next)
    }
    return row[b.count] + max(0, a.count - 64)
  }

  func mismatch(_ due: String) -> JSONFault {
    let name = Self.name(codingPath).inOneLine
    let what = name.isEmpty ? "it" : "'\(name)'"
    return JSONFault("\(what) has the wrong type: \(node.kind) where \(due) is due")
  }

  func container<Key: CodingKey>(keyedBy: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let fields) = node else { throw mismatch("an object") }
    if !isProbing { reading.note(codingPath, fields) }
    return KeyedDecodingContainer(Fields(decoder: self, fields: fields))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .list(let values) = node else { throw mismatch("a list") }
    return Values(decoder: self, values: values)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }
}

extension NodeDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { if case .null = node { true } else { false } }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value: Any
    switch type {
    case is Bool.Type:
      guard case .flag(let flag) = node else { throw mismatch("true or false") }
      value = flag
    case is String.Type:
      guard case .text(let text) = node else { throw mismatch("a text") }
      value = text
    case is Double.Type: value = try number()
    case is Float.Type:
      let number = Float(try number())
      guard number.isFinite else { throw range("is too large a number") }
      value = number
    case let whole as any (FixedWidthInteger & Decodable).Type: value = try integer(whole)
    default: return try Value(from: self)
    }
    guard let result = value as? Value else { throw mismatch("another value") }
    return result
  }

  private func number() throws(JSONFault) -> Double {
    guard case .number(let text) = node, let value = Double(text) else {
      throw mismatch("a number")
    }
    guard value.isFinite else { throw range("is \(text), which is too large a number") }
    return value
  }

  private func integer<Value: FixedWidthInteger>(_: Value.Type) throws(JSONFault) -> Value {
    guard case .number(let text) = node else { throw mismatch("a whole number") }
    if let value = Value(text) { return value }
    guard let value = Double(text), value == value.rounded() else {
      throw range("has the wrong type: it is \(text), which is no whole number")
    }
    guard let exact = Value(exactly: value) else {
      guard Value.bitWidth < 64 else { throw range("is \(text), which is too large a number") }
      throw range("is \(text); it takes whole numbers from \(Value.min) to \(Value.max)")
    }
    return exact
  }

  private func range(_ what: String) -> JSONFault {
    JSONFault("'\(Self.name(codingPath))' \(what)".inOneLine)
  }
}

/// The fields of an object.
private struct Fields<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: NodeDecoder
  let fields: JSONFields

  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { fields.names.compactMap { Key(stringValue: $0) } }

  private func ask(_ key: Key) -> JSONNode? {
    guard !decoder.isProbing else {
      decoder.reading.suggest(codingPath + [key])
      return nil
    }
    decoder.reading.ask(codingPath, key.stringValue)
    return fields[key.stringValue]
  }

  private func field(_ key: Key) throws -> NodeDecoder {
    guard let node = ask(key) else {
      let name = NodeDecoder.name(codingPath + [key])
      let near = NodeDecoder.nearest(to: key.stringValue, of: fields.names)
      throw JSONFault(
        "'\(name)' is missing" + (near.map { "; is '\($0.inOneLine)' meant for it?" } ?? ""))
    }
    return NodeDecoder(node: node, codingPath: codingPath + [key], reading: decoder.reading)
  }

  func contains(_ key: Key) -> Bool { ask(key) != nil }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    guard contains(key) else {
      if !decoder.isProbing {
        // What it could hold may have been written elsewhere.
        let probe = NodeDecoder(
          node: .object(JSONFields()), codingPath: codingPath + [key], reading: decoder.reading,
          isProbing: true)
        _ = try? probe.decode(type)
      }
      return nil
    }
    return try decodeNil(forKey: key) ? nil : decode(type, forKey: key)
  }

  func decodeNil(forKey key: Key) throws -> Bool { try field(key).decodeNil() }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try field(key).decode(type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { try field(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try field(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { decoder }
  func superDecoder(forKey key: Key) throws -> any Decoder { try field(key) }
}

/// The values of a list.
private struct Values: UnkeyedDecodingContainer {
  let decoder: NodeDecoder
  let values: [JSONNode]
  var currentIndex = 0

  private struct Index: CodingKey {
    let intValue: Int?
    var stringValue: String { "\(intValue ?? 0)" }
    init(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { return nil }
  }

  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { values.count }
  var isAtEnd: Bool { currentIndex >= values.count }

  init(decoder: NodeDecoder, values: [JSONNode]) {
    self.decoder = decoder
    self.values = values
  }

  private func current() throws -> NodeDecoder {
    guard !isAtEnd else {
      throw JSONFault("'\(NodeDecoder.name(codingPath))' has only \(values.count) values")
    }
    return NodeDecoder(
      node: values[currentIndex], codingPath: codingPath + [Index(intValue: currentIndex)],
      reading: decoder.reading)
  }

  mutating func decodeNil() throws -> Bool {
    let isNil = try current().decodeNil()
    if isNil { currentIndex += 1 }
    return isNil
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try current().decode(type)
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    defer { currentIndex += 1 }
    return try current().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    defer { currentIndex += 1 }
    return try current().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder {
    defer { currentIndex += 1 }
    return try current()
  }
}

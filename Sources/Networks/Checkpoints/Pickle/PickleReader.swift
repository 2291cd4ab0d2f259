import Foundation

/// Follows a pickle's instructions as far as they describe data; runs nothing and imports nothing.
///
/// Every instruction and every name has to be on a list. Work and memory are bounded by
/// `operationLimit`, which allows 100,000 tensors, and by the bytes that are there.
struct PickleReader {
  /// Instructions that one pickle may have, and elements that it may hand on a second time.
  static let operationLimit = 4_194_304
  /// Longer text is not a name.
  static let nameLimit = 512

  private var cursor: ByteCursor
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var objects: [PickleObject] = []
  private var operations = 0

  private init(_ cursor: ByteCursor) { self.cursor = cursor }

  /// Reads one pickle and leaves the cursor behind it.
  static func read(_ cursor: inout ByteCursor) throws(FormatError) -> Pickle {
    var reader = PickleReader(cursor)
    let root = try reader.run()
    cursor = reader.cursor
    return Pickle(root: root, objects: reader.objects)
  }

  private mutating func run() throws(FormatError) -> PickleValue {
    while true {
      try charge(1)
      let byte = try cursor.byte()
      guard let opcode = PickleOpcode(rawValue: byte) else {
        throw FormatError(
          "the pickle instruction \(PickleOpcode.name(byte)) is not something a checkpoint needs;"
            + " load it with the program that made it and write it with torch.save")
      }
      if opcode == .stop { return try pop() }
      try carryOut(opcode)
    }
  }

  private mutating func charge(_ count: Int) throws(FormatError) {
    operations += count
    guard operations <= Self.operationLimit else {
      throw FormatError("its pickle has more than \(Self.operationLimit) instructions")
    }
  }

  private mutating func carryOut(_ opcode: PickleOpcode) throws(FormatError) {
    switch opcode {
    case .protocol: try checkProtocol()
    case .frame: if try cursor.count() > cursor.remaining { throw .cut }
    case .stop: break
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .uint8: stack.append(.int(Int(try cursor.byte())))
    case .uint16: stack.append(.int(Int(try cursor.number(UInt16.self))))
    case .int32: stack.append(.int(Int(try cursor.number(Int32.self))))
    case .long: try pushLong(Int(cursor.byte()))
    case .longLong: try pushLong(Int(cursor.number(Int32.self)))
    case .binaryFloat: try pushOpaque(8)
    case .shortUnicode, .shortString: try pushText(Int(cursor.byte()))
    case .unicode: try pushText(Int(cursor.number(UInt32.self)))
    case .string: try pushText(Int(cursor.number(Int32.self)))
    case .unicode8: try pushText(cursor.count())
    case .shortBytes: try pushOpaque(Int(cursor.byte()))
    case .bytes: try pushOpaque(Int(cursor.number(UInt32.self)))
    case .bytes8, .byteArray8: try pushOpaque(cursor.count())
    case .mark: marks.append(stack.count)
    case .pop: if stack.count == marks.last { marks.removeLast() } else { _ = try pop() }
    case .popMark: _ = try popToMark()
    case .get: try recall(Int(cursor.byte()))
    case .longGet: try recall(Int(cursor.number(UInt32.self)))
    case .put: memo[Int(try cursor.byte())] = try top()
    case .longPut: memo[Int(try cursor.number(UInt32.self))] = try top()
    case .memoize: memo[memo.count] = try top()
    case .emptyTuple: push(PickleObject(kind: .tuple))
    case .tuple1: try pushTuple(1)
    case .tuple2: try pushTuple(2)
    case .tuple3: try pushTuple(3)
    case .tuple, .frozenSet: push(PickleObject(kind: .tuple, items: try popToMark()))
    case .emptyList, .emptySet: push(PickleObject(kind: .list))
    case .emptyDictionary: push(PickleObject(kind: .dictionary))
    case .append: try append([pop()])
    case .appends, .addItems: try append(popToMark())
    case .setItem:
      let value = try pop()
      try setItems([pop(), value])
    case .setItems: try setItems(popToMark())
    case .global: try pushGlobal()
    case .stackGlobal: try pushStackGlobal()
    case .reduce, .newObject: try pushCall()
    case .build: try build()
    case .persistent:
      push(PickleObject(kind: .persistent, arguments: try pop()))
    }
  }

  private func checkProtocol(_ version: UInt8) throws(FormatError) {
    guard (2...5).contains(version) else {
      throw FormatError("it is a pickle of protocol \(version); torch.save writes protocol 2")
    }
  }

  private mutating func checkProtocol() throws(FormatError) { try checkProtocol(cursor.byte()) }
}

extension PickleReader {
  private static let unbalanced = FormatError(
    "its pickle takes more from the stack than it put there")

  // What lies below a mark is out of reach.
  private func top() throws(FormatError) -> PickleValue {
    guard let value = stack.last, stack.count > marks.last ?? 0 else { throw Self.unbalanced }
    return value
  }

  private mutating func pop() throws(FormatError) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func popToMark() throws(FormatError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw Self.unbalanced }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func push(_ object: PickleObject) {
    stack.append(.object(objects.count))
    objects.append(object)
  }

  private mutating func pushTuple(_ count: Int) throws(FormatError) {
    var items: [PickleValue] = []
    for _ in 0..<count { items.append(try pop()) }
    push(PickleObject(kind: .tuple, items: items.reversed()))
  }

  private mutating func recall(_ place: Int) throws(FormatError) {
    guard let value = memo[place] else {
      throw FormatError("its pickle refers to value \(place), which it has not stored")
    }
    stack.append(value)
  }
}

extension PickleReader {
  private mutating func pushOpaque(_ count: Int) throws(FormatError) {
    try cursor.skip(count)
    stack.append(.opaque)
  }

  private mutating func pushText(_ count: Int) throws(FormatError) {
    let bytes = try cursor.bytes(count)
    guard count <= Self.nameLimit, let text = String(validating: bytes, as: UTF8.self) else {
      stack.append(.opaque)
      return
    }
    stack.append(.text(text))
  }

  private mutating func pushLong(_ count: Int) throws(FormatError) {
    let bytes = try cursor.bytes(count)
    guard count <= 8 else {
      stack.append(.opaque)
      return
    }
    var value: UInt64 = (bytes.last ?? 0) >= 0x80 ? .max : 0
    for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    stack.append(.int(Int(truncatingIfNeeded: value)))
  }
}

extension PickleReader {
  private mutating func append(_ values: [PickleValue]) throws(FormatError) {
    guard case .object(let place) = try top() else { throw Self.misplaced }
    switch objects[place].kind {
    case .list: objects[place].items += values
    // A deque, for instance: nothing that holds parameters.
    case .call: break
    default: throw Self.misplaced
    }
  }

  private mutating func setItems(_ pairs: [PickleValue]) throws(FormatError) {
    guard pairs.count.isMultiple(of: 2), case .object(let place) = try top() else {
      throw Self.misplaced
    }
    switch objects[place].kind {
    case .dictionary, .call: objects[place].items += pairs
    default: throw Self.misplaced
    }
  }

  private static let misplaced = FormatError("its pickle adds elements to something that has none")

  private mutating func pushGlobal() throws(FormatError) {
    let module = try cursor.line(atMost: Self.nameLimit)
    let name = try cursor.line(atMost: Self.nameLimit)
    try pushGlobal(
      String(decoding: module, as: UTF8.self), String(decoding: name, as: UTF8.self))
  }

  private mutating func pushStackGlobal() throws(FormatError) {
    guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
      throw FormatError("its pickle makes up the name of a function as it goes")
    }
    try pushGlobal(module, name)
  }

  private mutating func pushGlobal(_ module: String, _ name: String) throws(FormatError) {
    guard let global = PickleGlobal(module: module, name: name) else {
      // Python names classes with a capital: a saved model, most likely.
      let advice =
        name.first?.isUppercase == true
        ? "; if it is a model that you trust, save only its parameters in Python, with"
          + " torch.save(model.state_dict(), PATH)" : ""
      throw FormatError(
        "\(module).\(name) is not something a checkpoint needs; this file would run code in Python"
          + advice)
    }
    stack.append(.global(global))
  }

  private mutating func pushCall() throws(FormatError) {
    let arguments = try pop()
    guard case .global(let function) = try pop() else {
      throw FormatError("its pickle calls something that is not a function")
    }
    var object = PickleObject(kind: .call(function), arguments: arguments)
    if function == .dictionary { object.items = try pairs(in: arguments) }
    push(object)
  }

  // Python 2 hands an OrderedDict its pairs when it is made.
  private mutating func pairs(in arguments: PickleValue) throws(FormatError) -> [PickleValue] {
    var pairs: [PickleValue] = []
    for argument in try elements(arguments) {
      for pair in try elements(argument) {
        let pair = try elements(pair)
        if pair.count == 2 { pairs += pair }
      }
    }
    return pairs
  }

  // What is looked at a second time is charged: lists may be handed on many times.
  private mutating func elements(_ value: PickleValue) throws(FormatError) -> [PickleValue] {
    guard case .object(let place) = value else { return [] }
    switch objects[place].kind {
    case .list, .tuple:
      try charge(objects[place].items.count)
      return objects[place].items
    default: return []
    }
  }

  // State, such as the `_metadata` of a state dictionary, says nothing about tensors.
  private mutating func build() throws(FormatError) {
    _ = try pop()
    guard case .object = try top() else {
      throw FormatError("its pickle gives a state to something that has none")
    }
  }
}

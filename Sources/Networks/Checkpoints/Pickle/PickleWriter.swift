import Foundation

/// Writes the instructions of protocol 2 as Python's own pickler does, which numbers every value.
struct PickleWriter {
  private(set) var data = Data([PickleOpcode.protocol.rawValue, 2])
  private var count = 0
  private var places: [String: Int] = [:]

  mutating func write(_ opcode: PickleOpcode) { data.append(opcode.rawValue) }

  /// Gives the value on top of the stack the next number.
  mutating func number() {
    if let short = UInt8(exactly: count) {
      write(.put)
      data.append(short)
    } else {
      write(.longPut)
      data.append(littleEndian: UInt32(count))
    }
    count += 1
  }

  /// A function or a class; after the first time, a reference to it.
  mutating func global(_ module: String, _ name: String) {
    once("\(module) \(name)") { writer in
      writer.write(.global)
      writer.data += Data("\(module)\n\(name)\n".utf8)
    }
  }

  /// A text that Python holds once; after the first time, a reference to it.
  mutating func constant(_ text: String) {
    once("'\(text)'") { $0.unicode(text) }
  }

  mutating func text(_ text: String) {
    unicode(text)
    number()
  }

  mutating func integer(_ value: Int) {
    if let short = UInt8(exactly: value) {
      write(.uint8)
      data.append(short)
    } else if let medium = UInt16(exactly: value) {
      write(.uint16)
      data.append(littleEndian: medium)
    } else if let long = Int32(exactly: value) {
      write(.int32)
      data.append(littleEndian: long)
    } else {
      // The fewest bytes that keep the sign.
      let needed = (Int.bitWidth - (value < 0 ? ~value : value).leadingZeroBitCount) / 8 + 1
      write(.long)
      data.append(UInt8(needed))
      for index in 0..<needed { data.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
  }

  /// A tuple of numbers.
  mutating func tuple(_ values: [Int]) {
    if values.count > 3 { write(.mark) }
    for value in values { integer(value) }
    switch values.count {
    case 0: return write(.emptyTuple)
    case 1: write(.tuple1)
    case 2: write(.tuple2)
    case 3: write(.tuple3)
    default: write(.tuple)
    }
    number()
  }

  private mutating func unicode(_ text: String) {
    write(.unicode)
    data.append(littleEndian: UInt32(text.utf8.count))
    data += Data(text.utf8)
  }

  private mutating func once(_ key: String, _ body: (inout PickleWriter) -> Void) {
    guard let place = places[key] else {
      places[key] = count
      body(&self)
      return number()
    }
    if let short = UInt8(exactly: place) {
      write(.get)
      data.append(short)
    } else {
      write(.longGet)
      data.append(littleEndian: UInt32(place))
    }
  }
}

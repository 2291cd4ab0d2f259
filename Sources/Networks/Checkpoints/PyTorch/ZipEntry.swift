import Foundation

/// One line of a ZIP directory.
struct ZipEntry {
  /// Bytes before the name.
  static let fixedSize = 46

  let name: String
  let nameBytes: Data
  let method: UInt16
  let storedSize: Int
  let offset: Int

  init(_ cursor: inout ByteCursor) throws(FormatError) {
    guard try cursor.number(UInt32.self) == 0x0201_4B50 else {
      throw FormatError("its ZIP directory is broken")
    }
    try cursor.skip(4)
    let flags = try cursor.number(UInt16.self)
    method = try cursor.number(UInt16.self)
    try cursor.skip(8)
    var storedSize = Int(try cursor.number(UInt32.self))
    var size = Int(try cursor.number(UInt32.self))
    let nameLength = Int(try cursor.number(UInt16.self))
    let extraLength = Int(try cursor.number(UInt16.self))
    let commentLength = Int(try cursor.number(UInt16.self))
    try cursor.skip(8)
    var offset = Int(try cursor.number(UInt32.self))
    nameBytes = try cursor.bytes(nameLength)
    name = String(decoding: nameBytes, as: UTF8.self)
    var extra = ByteCursor(try cursor.bytes(extraLength))
    try cursor.skip(commentLength)
    // Numbers that do not fit 32 bits follow in an extra field, in this order.
    while extra.remaining >= 4 {
      let tag = try extra.number(UInt16.self)
      var field = ByteCursor(try extra.bytes(Int(try extra.number(UInt16.self))))
      guard tag == 1 else { continue }
      if size == 0xFFFF_FFFF { size = try field.count() }
      if storedSize == 0xFFFF_FFFF { storedSize = try field.count() }
      if offset == 0xFFFF_FFFF { offset = try field.count() }
    }
    guard flags & 1 == 0 else { throw FormatError("its member \(name) is encrypted") }
    guard method != 0 || size == storedSize else {
      throw FormatError("its member \(name) is stored in \(storedSize) bytes, but has \(size)")
    }
    self.storedSize = storedSize
    self.offset = offset
  }
}

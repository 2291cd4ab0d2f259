/// The instructions of Python's pickle machine that `torch.save` writes.
enum PickleOpcode: UInt8 {
  case mark = 0x28  // (
  case emptyTuple = 0x29  // )
  case stop = 0x2E  // .
  case pop = 0x30  // 0
  case popMark = 0x31  // 1
  case binaryFloat = 0x47  // G
  case int32 = 0x4A  // J
  case uint8 = 0x4B  // K
  case uint16 = 0x4D  // M
  case none = 0x4E  // N
  case persistent = 0x51  // Q
  case reduce = 0x52  // R
  case string = 0x54  // T
  case shortString = 0x55  // U
  case unicode = 0x58  // X
  case append = 0x61  // a
  case build = 0x62  // b
  case global = 0x63  // c
  case appends = 0x65  // e
  case get = 0x68  // h
  case longGet = 0x6A  // j
  case put = 0x71  // q
  case longPut = 0x72  // r
  case setItem = 0x73  // s
  case tuple = 0x74  // t
  case setItems = 0x75  // u
  case emptyList = 0x5D  // ]
  case emptyDictionary = 0x7D  // }
  case `protocol` = 0x80
  case newObject = 0x81
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case newTrue = 0x88
  case newFalse = 0x89
  case long = 0x8A
  case longLong = 0x8B
  // Protocol 3
  case bytes = 0x42  // B
  case shortBytes = 0x43  // C
  // Protocol 4
  case shortUnicode = 0x8C
  case unicode8 = 0x8D
  case bytes8 = 0x8E
  case emptySet = 0x8F
  case addItems = 0x90
  case frozenSet = 0x91
  case stackGlobal = 0x93
  case memoize = 0x94
  case frame = 0x95
  // Protocol 5
  case byteArray8 = 0x96

  /// What Python calls an instruction that checkpoints have no use for.
  static func name(_ byte: UInt8) -> String {
    let names: [UInt8: String] = [
      0x32: "DUP", 0x46: "FLOAT", 0x49: "INT", 0x4C: "LONG", 0x50: "PERSID", 0x53: "STRING",
      0x56: "UNICODE", 0x64: "DICT", 0x67: "GET", 0x69: "INST", 0x6C: "LIST", 0x6F: "OBJ",
      0x70: "PUT", 0x82: "EXT1", 0x83: "EXT2", 0x84: "EXT4", 0x92: "NEWOBJ_EX",
      0x97: "NEXT_BUFFER", 0x98: "READONLY_BUFFER",
    ]
    return names[byte] ?? "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}

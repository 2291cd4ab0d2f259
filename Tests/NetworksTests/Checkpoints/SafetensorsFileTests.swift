import Base
import Foundation
import Networks
import TestSupport
import Testing

@Suite struct SafetensorsFileTests {
  private static func bytes(_ json: String, _ numbers: Int = 8, length: UInt64? = nil) -> Data {
    Data(PickleBytes.little(length ?? UInt64(json.utf8.count)) + Array(json.utf8))
      + Data(count: numbers)
  }

  private static func entry(
    _ shape: String, _ offsets: String, _ type: String = "F32", name: String = "a"
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  private static let tensors = CheckpointTensors([
    ("b", CheckpointTensor(shape: [1, 3], floats: [1, 2, 3])),
    ("a", CheckpointTensor(shape: [3], element: .u8, bytes: Data([7, 8, 9]))),
    ("c", CheckpointTensor(shape: [], element: .f64, bytes: Data(count: 8))),
    ("d", CheckpointTensor(shape: [0, 2], floats: [])),
  ])

  @Test func `what is written reads back, in order and aligned`() throws {
    let file = SafetensorsFile(tensors: Self.tensors, metadata: ["k": "v\n\"", "é": "名"])
    let data = try file.encoded()
    #expect(data[0].isMultiple(of: 8))
    #expect(try SafetensorsFile(data: data, name: "a") == file)
    // In the middle of other data, indices start elsewhere.
    #expect(try SafetensorsFile(data: (Data(count: 3) + data).dropFirst(3), name: "a") == file)
    #expect(try file.encoded() == data)
    #expect(try Checkpoint(data: data, name: "a").names == ["b", "a", "c", "d"])
  }

  @Test func `the bytes are those of the format`() throws {
    let tensors = CheckpointTensors([("x", CheckpointTensor(shape: [2], floats: [1, -2]))])
    let json = #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    let numbers = Data([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    let padded = json + String(repeating: " ", count: (8 - json.utf8.count % 8) % 8)
    #expect(
      try SafetensorsFile(tensors: tensors).encoded()
        == Self.bytes(padded, 0) + numbers)
  }

  @Test func `a file is replaced whole or not at all`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("x.safetensors")
    let file = SafetensorsFile(tensors: Self.tensors)
    for _ in 0..<2 { try file.write(to: path) }
    #expect(folder.contents == ["x.safetensors"])
    #expect(try SafetensorsFile.read(path) == file)
    let forbidden = CheckpointTensors([("__metadata__", CheckpointTensor(shape: [0], floats: []))])
    #expect(throws: TesseraError.self) {
      try SafetensorsFile(tensors: forbidden).write(to: path)
    }
    #expect(try SafetensorsFile.read(path) == file)
    try FileManager.default.createDirectory(
      atPath: folder.path("d/e"), withIntermediateDirectories: true)
    for (target, words) in [("d", "directory of this name"), ("no/x", "does not exist")] {
      let error = #expect(throws: TesseraError.self) {
        try file.write(to: folder.path(target))
      }
      #expect(error?.reason.contains(words) == true, "\(error?.description ?? "")")
    }
    #expect(folder.contents == ["d", "d/e", "x.safetensors"])
  }

  static let hostile: [HostileFile] = [
    HostileFile("nothing", Data(), "too early"),
    HostileFile("no header", Data(count: 8), "not the JSON"),
    HostileFile("a long header", bytes("{}", 0, length: 3), "claims 3 bytes of 2"),
    HostileFile("a header of any length", bytes("{}", 0, length: .max), "larger than any file"),
    HostileFile("an absurd header", bytes("{}", 0, length: 1 << 40), "claims 1099511627776"),
    HostileFile("a list", bytes("[]", 0), "not the JSON"),
    HostileFile("half an object", bytes("{", 0), "not the JSON"),
    HostileFile("something behind it", bytes("{}x", 0), "not the JSON"),
    HostileFile("a comma too many", bytes("{\(entry("[2]", "[0,8]")),}"), "not the JSON"),
    HostileFile("numbers of nobody", bytes("{}", 8), "something is behind them"),
    HostileFile("a gap", bytes("{\(entry("[1]", "[4,8]"))}"), "does not begin where"),
    HostileFile("too few numbers", bytes("{\(entry("[2]", "[0,8]"))}", 7), "it is cut off"),
    HostileFile("too many numbers", bytes("{\(entry("[2]", "[0,8]"))}", 9), "behind them"),
    HostileFile(
      "an overlap",
      bytes("{\(entry("[2]", "[0,8]")),\(entry("[2]", "[4,12]", name: "b"))}", 12),
      "tensor b does not begin where"),
    HostileFile(
      "the same numbers twice",
      bytes("{\(entry("[2]", "[0,8]")),\(entry("[2]", "[0,8]", name: "b"))}"), "does not begin"),
    HostileFile("offsets the wrong way", bytes("{\(entry("[2]", "[8,0]"))}"), "its offsets are"),
    HostileFile("one offset", bytes("{\(entry("[2]", "[8]"))}"), "lacks"),
    HostileFile("other bytes than the shape", bytes("{\(entry("[3]", "[0,8]"))}"), "has 12 bytes"),
    HostileFile("other bytes than the type", bytes("{\(entry("[2]", "[0,8]", "F16"))}"), "4 bytes"),
    HostileFile("a type of nobody", bytes("{\(entry("[2]", "[0,8]", "F31"))}"), "F31 numbers"),
    HostileFile("8-bit floats", bytes("{\(entry("[8]", "[0,8]", "F8_E4M3"))}"), "F8_E4M3 numbers"),
    HostileFile(
      "a shape that overflows",
      bytes("{\(entry("[4294967296,4294967296,4294967296]", "[0,8]"))}"), "too large"),
    HostileFile("a negative size", bytes("{\(entry("[-2]", "[0,8]"))}"), "not the JSON"),
    HostileFile("a fraction", bytes("{\(entry("[2.0]", "[0,8]"))}"), "not the JSON"),
    HostileFile(
      "a number of 30 digits",
      bytes("{\(entry("[2]", "[0,\(String(repeating: "9", count: 30))]"))}"),
      "not the JSON"),
    HostileFile("zeros in front", bytes("{\(entry("[02]", "[0,8]"))}"), "not the JSON"),
    HostileFile(
      "many axes",
      bytes("{\(entry("[" + String(repeating: "1,", count: 99) + "2]", "[0,8]"))}"), "too large"),
    HostileFile(
      "a name twice",
      bytes("{\(entry("[1]", "[0,4]")),\(entry("[1]", "[4,8]"))}"), "tensor a is there twice"),
    HostileFile(
      "a name twice, written differently",
      bytes("{\(entry("[1]", "[0,4]")),\(entry("[1]", "[4,8]", name: "\\u0061"))}"), "twice"),
    HostileFile(
      "a key twice",
      bytes(#"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#), "twice"),
    HostileFile("no shape", bytes(#"{"a":{"dtype":"F32","data_offsets":[0,8]}}"#), "lacks"),
    HostileFile(
      "another key", bytes(#"{"a":{"size":3}}"#), "has size where the format has nothing"),
    HostileFile("metadata twice", bytes(#"{"__metadata__":{"a":"1","a":"2"}}"#, 0), "twice"),
    HostileFile("metadata that is no text", bytes(#"{"__metadata__":{"a":1}}"#, 0), "not the JSON"),
    HostileFile("half a surrogate", bytes(#"{"\ud800":{}}"#, 0), "not the JSON"),
    HostileFile("a line in a name", bytes("{\"a\nb\":{}}", 0), "not the JSON"),
    HostileFile(
      "brackets without end", bytes(String(repeating: "[", count: 100_000), 0), "not the JSON"),
    HostileFile(
      "objects without end", bytes(String(repeating: "{\"a\":", count: 100_000), 0), "not"),
  ]

  @Test(arguments: hostile)
  func `a file that lies is refused`(file: HostileFile) {
    #expect(throws: TesseraError.self) { try Checkpoint(data: file.data, name: "x") }
    file.expectRefusal { _ = try SafetensorsFile(data: $0, name: "x.safetensors") }
  }

  @Test func `a header may come in any order and with space`() throws {
    let json = "{ \(Self.entry("[1]", "[4, 8]")) ,\n\(Self.entry("[ ]", "[0,4]", name: "b"))}  "
    let file = try SafetensorsFile(data: Self.bytes(json), name: "a")
    #expect(file.tensors.names == ["a", "b"])
    #expect(file.tensors["b"]?.shape == [])
  }
}

import Base
import Foundation
import Networks
import Testing

/// A file that must be refused, and words of the reason.
struct HostileFile: CustomTestStringConvertible, Sendable {
  let title: String
  let data: Data
  let words: [String]
  var testDescription: String { title }

  init(_ title: String, _ data: Data, _ words: String...) {
    (self.title, self.data, self.words) = (title, data, words)
  }

  /// A ZIP checkpoint of this pickle.
  init(_ title: String, pickle: [UInt8], _ words: String) {
    self.init(title, ArchiveBytes.checkpoint(pickle), words)
  }

  /// A ZIP checkpoint of one parameter "w".
  init(_ title: String, tensor: [UInt8], _ words: String) {
    self.init(
      title, ArchiveBytes.checkpoint(PickleBytes.dictionary([("w", tensor)])), "parameter w: ",
      words)
  }

  /// Expects that reading fails with a line that has the words.
  func expectRefusal(_ read: (Data) throws -> Void = { _ = try Checkpoint(data: $0, name: "x") }) {
    let error = #expect(throws: TesseraError.self) { try read(data) }
    let message = error?.description ?? ""
    for words in words { #expect(message.contains(words), "\(title): \(message)") }
    #expect(!message.contains("\n"))
  }
}

private typealias P = PickleBytes
private typealias A = ArchiveBytes

@Suite struct HostileFileTests {
  private static let call = P.tuple([P.text("true")]) + P.reduce
  private static let good = P.tensor(P.storage(count: 16), shape: [4, 4], strides: [4, 1])

  static let programs: [HostileFile] = [
    HostileFile(
      "a function", pickle: P.pickle(P.global("posix", "system") + call),
      "posix.system is not something a checkpoint needs; this file would run code in Python"),
    HostileFile(
      "a function that is not called", pickle: P.dictionary([("a", P.global("os", "popen"))]),
      "os.popen is not something"),
    HostileFile(
      "eval", pickle: P.pickle(P.global("builtins", "eval") + call), "builtins.eval"),
    HostileFile(
      "eval of Python 2", pickle: P.pickle(P.global("__builtin__", "eval") + call),
      "__builtin__.eval"),
    HostileFile(
      "a function named on the stack",
      pickle: P.pickle(P.shortText("builtins") + P.shortText("exec") + [0x93] + call),
      "builtins.exec"),
    HostileFile(
      "a name made of something else",
      pickle: P.pickle(P.emptyList + P.shortText("eval") + [0x93] + call), "makes up the name"),
    HostileFile(
      "an attribute of a torch module", pickle: P.pickle(P.global("torch", "load") + call),
      "torch.load"),
    HostileFile(
      "storages that are pickles themselves",
      pickle: P.pickle(P.global("torch.storage", "_load_from_bytes") + call), "_load_from_bytes"),
    HostileFile(
      "a name with a dot", pickle: P.pickle(P.global("collections", "OrderedDict.fromkeys") + call),
      "OrderedDict.fromkeys"),
    HostileFile(
      "a class", pickle: P.pickle(P.global("models.networks", "Generator") + P.emptyTuple + [0x81]),
      "models.networks.Generator is not something a checkpoint needs; this file would run code in"
        + " Python; if it is a model that you trust"),
    HostileFile(
      "control characters", pickle: P.pickle(P.global("a\u{1B}[31m", "b\u{7}") + call),
      "a [31m.b"),
    HostileFile("INST", pickle: P.pickle(P.mark + [0x69] + Array("os\nsystem\n".utf8)), "INST"),
    HostileFile("OBJ", pickle: P.pickle(P.mark + P.text("x") + [0x6F]), "OBJ"),
    HostileFile("EXT1", pickle: P.pickle([0x82, 1]), "EXT1"),
    HostileFile("NEWOBJ_EX", pickle: P.pickle([0x92]), "NEWOBJ_EX"),
    HostileFile("an unknown instruction", pickle: P.pickle([0xFF]), "instruction 0xff"),
    HostileFile(
      "a call of something that is no function", pickle: P.pickle(P.text("eval") + call),
      "calls something that is not a function"),
    HostileFile("protocol 0", pickle: Array("(dp0\n.".utf8), "instruction DICT"),
    HostileFile("protocol 9", pickle: [0x80, 9] + P.none + P.stop, "protocol 9"),
    HostileFile(
      "a pickle without torch", Data(P.dictionary([])), "a pickle, but not one of torch.save"),
  ]

  @Test(arguments: programs)
  func `nothing in a file is run, whatever it names`(file: HostileFile) {
    file.expectRefusal()
  }

  private static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    Array(repeatElement(bytes, count: count).joined())
  }

  static let bombs: [HostileFile] = [
    HostileFile(
      "nested lists", pickle: P.pickle(repeated(P.emptyList, 3_000_000)), "no dictionary"),
    HostileFile(
      "nested tuples", pickle: P.pickle(P.none + repeated([0x85], 3_000_000)), "no dictionary"),
    HostileFile("marks", pickle: P.pickle(repeated(P.mark, 3_000_000)), "from the stack"),
    HostileFile(
      "too many instructions", pickle: P.pickle(repeated(P.none, 5_000_000)),
      "more than 4194304 instructions"),
    HostileFile(
      "nested dictionaries",
      pickle: P.pickle(
        repeated(P.emptyDictionary + P.text("a"), 100_000) + P.none
          + repeated(P.setItem, 100_000)), "no parameters, only a"),
    HostileFile(
      "a list in itself, again and again",
      pickle: P.pickle(
        P.emptyList + P.put(0) + repeated(P.get(0) + P.get(0) + [0x86] + P.put(0), 1_000_000)),
      "no dictionary"),
    HostileFile(
      "one long list of pairs for many dictionaries",
      pickle: P.pickle(
        P.emptyList + P.put(0) + P.mark
          + repeated(P.text("a") + P.none + [0x86], 100_000) + [0x65]
          + repeated(
            P.global("collections", "OrderedDict") + P.get(0) + [0x85] + P.reduce, 1000)),
      "instructions"),
    HostileFile(
      "one dictionary under many names",
      pickle: P.pickle(
        P.emptyDictionary + P.put(0) + P.mark
          + repeated(P.text("a") + P.emptyDictionary, 10000) + P.setItems
          + P.emptyDictionary + P.mark
          + (0..<10000).flatMap { P.text("\($0)") + P.get(0) } + P.setItems),
      "no parameters"),
    HostileFile(
      "a dictionary in itself",
      pickle: P.pickle(P.emptyDictionary + P.put(0) + P.text("a") + P.get(0) + P.setItem),
      "no parameters, only a"),
    HostileFile(
      "a large place in the memo", pickle: P.pickle(P.none + [0x72, 0xFF, 0xFF, 0xFF, 0xFF]),
      "no dictionary"),
    HostileFile("an empty place in the memo", pickle: P.pickle(P.get(7)), "value 7"),
    HostileFile("a stack that is empty", pickle: P.pickle(P.reduce), "from the stack"),
    HostileFile(
      "a stack that is marked", pickle: P.pickle(P.none + P.mark + [0x85]), "from the stack"),
    HostileFile("no mark", pickle: P.pickle(P.none + P.tuple), "from the stack"),
    HostileFile(
      "a dictionary of half a pair",
      pickle: P.pickle(P.emptyDictionary + P.mark + P.none + P.setItems), "elements"),
    HostileFile(
      "elements of a number",
      pickle: P.pickle(P.integer(1) + P.none + P.append), "elements"),
    HostileFile(
      "text longer than the file", pickle: P.pickle([0x58, 0xFF, 0xFF, 0xFF, 0x7F]),
      "ends too early"),
    HostileFile(
      "text longer than any file",
      pickle: P.pickle([0x8D] + [UInt8](repeating: 0xFF, count: 8)), "larger than any file"),
    HostileFile(
      "a number of negative length", pickle: P.pickle([0x8B, 0xFF, 0xFF, 0xFF, 0xFF]), "too early"),
    HostileFile(
      "a frame longer than the file",
      pickle: P.pickle([0x95, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0]), "too early"),
    HostileFile(
      "a name without end", pickle: P.pickle([0x63] + repeated([0x61], 100_000)), "more than 512"),
  ]

  @Test(.timeLimit(.minutes(1)), arguments: bombs)
  func `a pickle that explodes is refused in little time`(file: HostileFile) {
    file.expectRefusal()
  }

  static let tensors: [HostileFile] = [
    HostileFile(
      "negative offset",
      tensor: P.tensor(P.storage(count: 16), offset: -1, shape: [4], strides: [1]), "its offset"),
    HostileFile(
      "negative size", tensor: P.tensor(P.storage(count: 16), shape: [-4], strides: [1]),
      "its offset, a size or a stride is negative"),
    HostileFile(
      "two negative sizes",
      tensor: P.tensor(P.storage(count: 16), shape: [-2, -2], strides: [1, 1]), "its offset"),
    HostileFile(
      "negative stride",
      tensor: P.tensor(P.storage(count: 16), offset: 3, shape: [4], strides: [-1]), "its offset"),
    HostileFile(
      "beyond the storage", tensor: P.tensor(P.storage(count: 16), shape: [17], strides: [1]),
      "it reaches beyond its storage"),
    HostileFile(
      "beyond the storage by offset",
      tensor: P.tensor(P.storage(count: 16), offset: 1, shape: [16], strides: [1]), "it reaches"),
    HostileFile(
      "beyond the storage by stride",
      tensor: P.tensor(P.storage(count: 16), shape: [2, 4], strides: [13, 1]), "it reaches"),
    HostileFile(
      "beyond the numbers that it may use",
      tensor: P.tensor(P.storage(count: 4), shape: [5], strides: [1]), "it reaches beyond"),
    HostileFile(
      "a stride that overflows",
      tensor: P.tensor(P.storage(count: 16), shape: [3], strides: [.max]), "it reaches beyond"),
    HostileFile(
      "an offset that overflows",
      tensor: P.tensor(P.storage(count: 16), offset: .max, shape: [2], strides: [1]), "it reaches"),
    HostileFile(
      "a size that overflows",
      tensor: P.tensor(P.storage(count: 16), shape: [.max, .max], strides: [0, 0]), "is too large"),
    HostileFile(
      "a size that overflows in bytes",
      tensor: P.tensor(P.storage(count: 16), shape: [1 << 61], strides: [0]), "is too large"),
    HostileFile(
      "one number repeated",
      tensor: P.tensor(P.storage(count: 1), shape: [1 << 40], strides: [0]), "many times larger"),
    HostileFile(
      "a few numbers repeated",
      tensor: P.tensor(P.storage(count: 16), shape: [1000, 1000, 16], strides: [0, 0, 1]),
      "many times larger"),
    HostileFile(
      "rank unlike strides",
      tensor: P.tensor(P.storage(count: 16), shape: [4, 4], strides: [1]), "sizes and 1 strides"),
    HostileFile(
      "many axes",
      tensor: P.tensor(
        P.storage(count: 16), shape: [Int](repeating: 1, count: 100),
        strides: [Int](repeating: 1, count: 100)), "unknown way"),
    HostileFile(
      "a storage that is missing",
      tensor: P.tensor(P.storage(key: "7", count: 1), shape: [1], strides: [1]),
      "its storage 7 is missing"),
    HostileFile(
      "a storage outside of the archive",
      tensor: P.tensor(P.storage(key: "../data.pkl", count: 1), shape: [1], strides: [1]),
      "is missing"),
    HostileFile(
      "a storage that is too short",
      tensor: P.tensor(P.storage(count: 17), shape: [1], strides: [1]), "too few for 17 numbers"),
    HostileFile(
      "a storage of negative length",
      tensor: P.tensor(P.storage(count: -1), shape: [1], strides: [1]), "not a storage"),
    HostileFile(
      "a storage that cannot be counted",
      tensor: P.tensor(P.storage("DoubleStorage", count: .max), shape: [1], strides: [1]),
      "too few"),
    HostileFile(
      "no storage", tensor: P.tensor(P.text("0"), shape: [1], strides: [1]), "unknown way"),
    HostileFile(
      "a tensor in a tensor", tensor: P.tensor(good, shape: [1], strides: [1]), "unknown way"),
    HostileFile(
      "no arguments",
      tensor: P.global("torch._utils", "_rebuild_tensor_v2") + P.emptyTuple + P.reduce,
      "unknown way"),
    HostileFile(
      "a parameter of a parameter of a parameter",
      tensor: (0..<9).reduce(good) { inner, _ in
        P.global("torch._utils", "_rebuild_parameter") + P.tuple([inner]) + P.reduce
      }, "unknown way"),
  ]

  @Test(arguments: tensors)
  func `a tensor that is not in its storage is refused by name`(file: HostileFile) {
    file.expectRefusal()
  }

  private static let member = ArchiveBytes.Member(
    name: "archive/data.pkl", bytes: P.dictionary([("w", good)]))
  private static let numbers = ArchiveBytes.Member(
    name: "archive/data/0", bytes: [UInt8](repeating: 1, count: 64))

  private static func changed(
    _ member: ArchiveBytes.Member, _ change: (inout ArchiveBytes.Member) -> Void
  ) -> ArchiveBytes.Member {
    var member = member
    change(&member)
    return member
  }

  static let archives: [HostileFile] = [
    HostileFile("no directory", Data([0x50, 0x4B, 3, 4]), "its directory is missing"),
    HostileFile(
      "two members in one place",
      A.zip([
        member,
        changed(numbers) {
          $0.offset = 0; $0.localName = "archive/data.pkl"
        },
      ]),
      "is not where the directory says"),
    HostileFile(
      "two members that overlap",
      A.zip([
        changed(member) {
          $0.storedSize = UInt32($0.bytes.count + 10)
          $0.size = $0.storedSize
        }, numbers,
      ]), "share bytes"),
    HostileFile(
      "a member larger than the file",
      A.zip([
        member,
        changed(numbers) {
          $0.storedSize = 4000; $0.size = 4000
        },
      ]),
      "archive/data/0 reaches beyond"),
    HostileFile(
      "a member larger than any file", A.zip([member, changed(numbers) { $0.size64 = .max }]),
      "larger than any file"),
    HostileFile(
      "a member of 4 exabytes", A.zip([member, changed(numbers) { $0.size64 = 1 << 62 }]),
      "reaches beyond"),
    HostileFile(
      "a size that is not the stored one", A.zip([member, changed(numbers) { $0.size = 63 }]),
      "is stored in 64 bytes, but has 63"),
    HostileFile(
      "a member beyond the directory", A.zip([member, changed(numbers) { $0.offset = 900 }]),
      "is not where the directory says"),
    HostileFile(
      "another name in front of a member",
      A.zip([member, changed(numbers) { $0.localName = "archive/data/1" }]),
      "is not where the directory says"),
    HostileFile("one name twice", A.zip([member, member]), "is there twice"),
    HostileFile(
      "a compressed pickle", A.zip([changed(member) { $0.method = 8 }, numbers]),
      "archive/data.pkl is compressed"),
    HostileFile(
      "a compressed storage", A.zip([member, changed(numbers) { $0.method = 8 }]),
      "archive/data/0 is compressed, which torch.save never does"),
    HostileFile(
      "an encrypted member", A.zip([changed(member) { $0.flags = 1 }, numbers]), "is encrypted"),
    HostileFile(
      "more members than bytes", A.zip([member, numbers], end: .init(count: 60000)),
      "claims 60000 members"),
    HostileFile(
      "more members than memory", A.zip([member, numbers], end: .init(count64: 1 << 60)),
      "claims 1152921504606846976 members"),
    HostileFile(
      "more members than numbers", A.zip([member, numbers], end: .init(count64: .max)),
      "larger than any file"),
    HostileFile(
      "a member too many", A.zip([member, numbers], end: .init(count: 3)), "claims 3 members"),
    HostileFile(
      "a directory elsewhere", A.zip([member, numbers], end: .init(offset: 1)),
      "not where it should be"),
    HostileFile(
      "a directory behind the file", A.zip([member, numbers], end: .init(offset: 1 << 31)),
      "not where it should be"),
    HostileFile("no pickle", A.zip([numbers]), "it has no data.pkl"),
    HostileFile(
      "two pickles", A.zip([member, changed(member) { $0.name = "b/data.pkl" }]),
      "several checkpoints"),
    HostileFile(
      "a program", A.zip([member, numbers, .init(name: "archive/constants.pkl", bytes: [])]),
      "it is a TorchScript program"),
    HostileFile(
      "big-endian numbers",
      A.zip([member, numbers, .init(name: "archive/byteorder", bytes: Array("big".utf8))]),
      "big-endian"),
  ]

  @Test(arguments: archives)
  func `an archive that lies is refused`(file: HostileFile) {
    file.expectRefusal()
  }

  @Test(arguments: [
    A.zip([member, numbers]), A.zip([member, numbers], end: .init(comment: Array("note".utf8))),
    A.zip([member, numbers], end: .init(count64: 2)),
    A.zip([changed(member) { $0.name = "data.pkl" }, changed(numbers) { $0.name = "data/0" }]),
    A.zip([member, changed(numbers) { $0.size64 = 64 }], end: .init(count64: 2)),
    A.zip([member, numbers, .init(name: "archive/note.txt", bytes: [1], method: 8)]),
    A.stream(member.bytes, storages: [(16, numbers.bytes)]),
  ])
  func `an archive of another make is read`(data: Data) throws {
    let checkpoint = try Checkpoint(data: data, name: "file.pth")
    #expect(checkpoint["w"]?.shape == [4, 4])
    #expect(checkpoint["w"]?.bytes == Data(Self.numbers.bytes))
  }

  private static let view = P.tensor(
    P.storage(count: 16, view: P.tuple([P.text("v"), P.integer(14), P.integer(4)])),
    shape: [1], strides: [1])

  static let streams: [HostileFile] = [
    HostileFile(
      "a storage that is not there", A.stream(member.bytes, keys: [], storages: []),
      "parameter w: its storage 0 is missing"),
    HostileFile(
      "a storage twice",
      A.stream(member.bytes, keys: ["0", "0"], storages: [(16, numbers.bytes)]), "twice"),
    HostileFile(
      "a storage that nobody uses",
      A.stream(member.bytes, keys: ["1"], storages: [(16, numbers.bytes)]), "no parameter uses"),
    HostileFile(
      "another number of numbers", A.stream(member.bytes, storages: [(15, numbers.bytes)]),
      "has 15 numbers, not 16"),
    HostileFile(
      "more numbers than any file", A.stream(member.bytes, storages: [(.max, numbers.bytes)]),
      "larger than any file"),
    HostileFile(
      "fewer bytes than numbers",
      A.stream(member.bytes, storages: [(16, [UInt8](numbers.bytes.prefix(63)))]), "too early"),
    HostileFile(
      "part of a storage that reaches beyond it",
      A.stream(P.dictionary([("w", view)]), storages: [(16, numbers.bytes)]),
      "parameter w: it is part v of storage 0, but reaches beyond it"),
    HostileFile(
      "something else outside of the pickle",
      A.stream(P.dictionary([("w", P.text("x") + P.persistent)]), storages: []), "not a storage"),
    HostileFile(
      "another version",
      Data(A.stream([], storages: []).prefix(15) + P.pickle(P.integer(9))), "unknown version"),
  ]

  @Test(arguments: streams)
  func `a stream that lies is refused`(file: HostileFile) {
    file.expectRefusal()
  }

  @Test func `part of a storage of old torch is read`() throws {
    let view = P.tensor(
      P.storage(count: 16, view: P.tuple([P.text("v"), P.integer(4), P.integer(8)])),
      offset: 1, shape: [2, 2], strides: [1, 3])
    let floats = (0..<16).map(Float.init)
    let data = A.stream(
      P.dictionary([("w", view)]),
      storages: [(16, floats.withUnsafeBytes { Array($0) })])
    #expect(try Checkpoint(data: data, name: "a")["w"]?.floats() == [5, 8, 6, 9])
  }

  @Test(arguments: [
    ("", "it is empty"), ("version https://git-lfs.github.com/spec/v1", "git lfs pull"),
    (String(repeating: "x", count: 257) + "ustar", "TAR archive"),
    ("<!DOCTYPE html><html>", "web page"), ("\u{8}\u{1}hello world, this is no tensor", "neither"),
  ])
  func `a file that is something else is called by its name`(text: String, words: String) {
    HostileFile(text, Data(text.utf8), words).expectRefusal()
  }

  @Test func `a path that is no file is refused`() {
    for (path, words) in [("/dev/zero", "not a file"), ("/", "not a file"), ("/no/x", "no such")] {
      let error = #expect(throws: TesseraError.self) { try Checkpoint.read(path) }
      #expect(error?.reason.contains(words) == true)
    }
  }

  private static let small: [Data] = [
    A.zip([member, numbers], end: .init(count64: 2)),
    A.stream(member.bytes, storages: [(16, numbers.bytes)]),
    (try? SafetensorsFile(
      tensors: CheckpointTensors([("w", CheckpointTensor(shape: [2], floats: [1, 2]))])
    ).encoded()) ?? Data(),
  ]

  @Test(arguments: small)
  func `a file cut off anywhere is refused`(data: Data) throws {
    #expect(try !Checkpoint(data: data, name: "whole").tensors.isEmpty)
    for length in 0..<data.count {
      #expect(throws: TesseraError.self) {
        try Checkpoint(data: data.prefix(length), name: "cut")
      }
    }
  }

  @Test(arguments: small)
  func `a file with any byte changed is read or refused`(data: Data) {
    for place in data.indices {
      for byte: UInt8 in [0, 1, 0x7F, 0x80, 0xFF, data[place] ^ 0x10] {
        var changed = data
        changed[place] = byte
        let checkpoint = try? Checkpoint(data: changed, name: "changed")
        for (_, tensor) in checkpoint?.tensors ?? CheckpointTensors() {
          #expect(tensor.floats().count == tensor.count)
        }
      }
    }
  }
}

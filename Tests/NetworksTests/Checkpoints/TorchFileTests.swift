import Base
import Foundation
import TestSupport
import Testing

@testable import Networks

struct TorchFileTests {
  private static func counting(_ shape: [Int], _ element: CheckpointElement = .f32)
    -> CheckpointTensor
  {
    let count = shape.reduce(1, *) * element.byteCount
    return CheckpointTensor(
      shape: shape, element: element, bytes: Data((0..<count).map { UInt8($0 % 60) }))
  }

  /// What a generator with batch norms has, and what else a dictionary may hold.
  private static var tensors: CheckpointTensors {
    var tensors = CheckpointTensors([
      ("model.1.weight", counting([4, 3, 7, 7])), ("model.1.bias", counting([4])),
      ("model.2.running_mean", counting([4])),
      ("model.2.num_batches_tracked", counting([], .i64)),
      ("ünï \"cöde\"\n", counting([2, 3])), ("", counting([3, 2, 5])), ("none", counting([0, 3])),
      ("nothing", counting([3, 0])), ("long", counting([300, 300])),
      ("five", counting([1, 2, 1, 3, 2])),
    ])
    for element in CheckpointElement.allCases where ![.u16, .u32, .u64].contains(element) {
      let tensor =
        element == .bool
        ? CheckpointTensor(shape: [3], element: .bool, bytes: Data([1, 0, 1]))
        : counting([5, 3], element)
      tensors[element.rawValue] = tensor
    }
    return tensors
  }

  @Test func `our own reader finds the same names, shapes and bytes`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("latest_net_G.pth")
    try TorchFile(tensors: Self.tensors).write(to: path)
    #expect(folder.contents == ["latest_net_G.pth"])
    let checkpoint = try Checkpoint.read(path)
    #expect(checkpoint.format == .zip)
    #expect(checkpoint.names == Self.tensors.names)
    let isSame = checkpoint.tensors == Self.tensors
    #expect(isSame)
  }

  @Test func `the same parameters under the same name give the same bytes`() throws {
    let (one, two) = (try TemporaryDirectory(), try TemporaryDirectory())
    let files = try [one, two].map { folder in
      let path = folder.path("net.pth")
      for _ in 0..<2 { try TorchFile(tensors: Self.tensors).write(to: path) }
      return try Data(contentsOf: URL(filePath: path))
    }
    let isSame = files[0] == files[1]
    #expect(isSame)
  }

  @Test func `a generator is recognized from the file`() throws {
    var network = ResNetGenerator()
    (network.width, network.blocks) = (4, 2)
    let parameters = Parameters(for: network)
    var tensors = CheckpointTensors()
    for name in parameters.names {
      let (shape, floats) = try #require(parameters[name])
      tensors[name] = CheckpointTensor(shape: shape, floats: floats)
    }
    let folder = try TemporaryDirectory()
    let path = folder.path("a folder.v1.pth")
    try TorchFile(tensors: tensors).write(to: path)
    let found = try Architecture.recognize(Parameters(Checkpoint.read(path)))
    let isSame = try found.graph == Architecture.recognize(parameters).graph
    #expect(isSame)
  }

  @Test func `checksums are those of zlib`() {
    #expect(ZipChecksum.of(Data("123456789".utf8)) == 0xCBF4_3926)
    #expect(ZipChecksum.of(Data()) == 0)
    #expect(ZipChecksum.of(Data(repeating: 0xFF, count: 32)) == 0xFF6C_AB0B)
    let text = Data("xThe quick brown fox jumps over the lazy dog".utf8)
    #expect(ZipChecksum.of(text.dropFirst()) == 0x414F_A339)
  }

  @Test func `what does not fit the format is refused before anything is written`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("x.pth")
    func refusal(_ tensors: CheckpointTensors) -> String {
      let error = #expect(throws: TesseraError.self) {
        try TorchFile(tensors: tensors).write(to: path)
      }
      return error?.description ?? ""
    }
    let counts = refusal(CheckpointTensors([("a.count", Self.counting([2], .u32))]))
    #expect(
      counts.hasPrefix("\(path): writing the PyTorch file: PyTorch has no storage for the u32"))
    #expect(counts.contains("a.count"))

    // A file with a hole, which takes no room.
    let large = folder.path("large")
    try Data().write(to: URL(filePath: large))
    let handle = try FileHandle(forWritingTo: URL(filePath: large))
    try handle.truncate(atOffset: 1 << 32)
    try handle.close()
    let bytes = try Data(contentsOf: URL(filePath: large), options: .alwaysMapped)
    let tensor = CheckpointTensor(shape: [1 << 30], element: .f32, bytes: bytes)
    #expect(refusal(CheckpointTensors([("w", tensor)])).contains("less than 4 GB"))
    let many = (0..<65_534).map { ("p\($0)", CheckpointTensor(shape: [], floats: [1])) }
    #expect(refusal(CheckpointTensors(many)).contains("65535 members: write a safetensors file"))
    #expect(folder.contents == ["large"])
  }
}

extension TorchOracleTests {
  @Test(
    .tags(.slow), .whenSlow,
    .enabled(if: TorchOracle.isPresent, "needs TESSERA_ORACLE_PYTHON with torch"))
  func `a file that we write is one that torch writes`() throws {
    let folder = try TemporaryDirectory()
    var files: [(path: String, tensors: CheckpointTensors)] = []
    func add(_ name: String, _ tensors: [CheckpointTensors.Element]) throws {
      files.append((folder.path(name), CheckpointTensors(tensors)))
      try TorchFile(tensors: CheckpointTensors(tensors)).write(to: folder.path(name))
    }
    func floats(_ shape: [Int]) -> CheckpointTensor {
      CheckpointTensor(shape: shape, floats: (0..<shape.reduce(1, *)).map { Float($0) * 0.37 - 5 })
    }
    let count = CheckpointTensor(
      shape: [], element: .i64, bytes: Data([7, 0, 0, 0, 0, 0, 0, 0x80]))
    try add("latest_net_G.pth", [("one", floats([2]))])
    try add("none.pth", [])
    try add("ünï cöde.v2.pth", [("ünï.cöde\n", floats([3, 2])), ("", floats([0, 3]))])
    try add(
      "kinds.pth",
      [("n", count), ("w", floats([4, 3, 2, 2])), ("v", floats([300, 300]))]
        + [CheckpointElement.u8, .i8, .i16, .i32, .i64, .f16, .bf16, .f64].map {
          let bytes = Data((0..<(6 * $0.byteCount)).map { UInt8($0 % 60) })
          return ($0.rawValue, CheckpointTensor(shape: [2, 3], element: $0, bytes: bytes))
        }
        + [("b", CheckpointTensor(shape: [2], element: .bool, bytes: Data([1, 0])))])
    for count in [999, 1000, 1001, 2001] {
      try add("\(count).pth", (0..<count).map { ("layer.\($0).weight", floats([1 + $0 % 3, 2])) })
    }
    // Loads it the safe way, checks the archive, and has torch write the same.
    let program = """
      tensors = torch.load(PATH, weights_only=True)
      assert type(tensors) is OrderedDict, type(tensors)
      assert list(torch.load(PATH, mmap=True, weights_only=True)) == list(tensors)
      os.mkdir(PATH + ".d")
      theirs = os.path.join(PATH + ".d", os.path.basename(PATH))
      torch.save(OrderedDict(tensors), theirs)
      with zipfile.ZipFile(PATH) as a, zipfile.ZipFile(theirs) as b:
        assert a.testzip() is None
        known = set(b.namelist())
        for name in a.namelist():
          assert name in known, (name, known)
          assert a.read(name) == b.read(name), name
        missing = {n.split("/", 1)[1] for n in known - set(a.namelist())}
        assert missing <= {".format_version", ".storage_alignment", ".data/serialization_id"}, missing
        for info in a.infolist():
          with open(PATH, "rb") as f:
            f.seek(info.header_offset + 26)
            n, m = (int.from_bytes(f.read(2), "little") for _ in range(2))
            assert (info.header_offset + 30 + n + m) % 64 == 0, info
      """
    try TorchOracle.run(
      files.map { TorchOracle.Job(path: $0.path, dumping: program) }, isStored: false)
    for (path, tensors) in files {
      TorchOracle.expect(tensors, equals: try TorchOracle.dump(of: path))
    }
  }
}

import Foundation
import Networks
import TestSupport
import Testing

/// PyTorch as the judge: `TESSERA_ORACLE_PYTHON` names a Python that has it.
enum TorchOracle {
  private static let python: ExternalTool? = {
    let named = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
    guard let tool = named.flatMap({ ExternalTool($0) }),
      (try? tool.run(["-c", "import torch"]))?.status == 0
    else { return nil }
    return tool
  }()

  static var isPresent: Bool { python != nil }

  /// A tensor that Python found; its bytes and then its floats follow those of the one before.
  struct Entry: Decodable {
    let name: String
    let dtype: String
    let shape: [Int]
    let byteCount: Int
    let floatByteCount: Int
  }

  /// Tensors that Python found, in order.
  struct Dump {
    let entries: [Entry]
    let bytes: Data
  }

  /// A file to make or to look at.
  struct Job: Encodable {
    let path: String
    /// Python that makes the file PATH; may be empty.
    var making = ""
    /// Python that leaves a dictionary of tensors in `tensors`; may be empty.
    var dumping = ""
  }

  /// Does all jobs in one process: importing torch takes seconds.
  ///
  /// What it makes and finds of small files is stored.
  static func run(_ jobs: [Job], isStored: Bool = true) throws {
    guard isStored else { return try ask(jobs) }
    let question = jobs.flatMap { job in
      let input = try? Data(contentsOf: URL(filePath: job.path))
      return [Data(job.making.utf8), Data(job.dumping.utf8), input ?? Data()]
    }
    let endings = ["", ".json", ".bytes"]
    // Other versions of torch write other bytes of the same meaning.
    let answer: [[String?]] = try StoredAnswers.answer(
      "torch", to: [Data(program.utf8)] + question, isComparable: false, isPresent: isPresent
    ) {
      try ask(jobs)
      let files = jobs.map { job in
        endings.map { try? Data(contentsOf: URL(filePath: job.path + $0)).base64EncodedString() }
      }
      return String(decoding: try JSONEncoder().encode(files), as: UTF8.self)
    }
    for (job, files) in zip(jobs, answer) {
      for (ending, text) in zip(endings, files) {
        guard let data = text.flatMap({ Data(base64Encoded: $0) }) else { continue }
        try data.write(to: URL(filePath: job.path + ending))
      }
    }
  }

  private static func ask(_ jobs: [Job]) throws {
    let folder = try TemporaryDirectory()
    let list = folder.path("jobs.json")
    try JSONEncoder().encode(jobs).write(to: URL(filePath: list))
    let result = try #require(python).run(["-W", "ignore", "-c", program, list])
    try #require(result.status == 0, "\(result.errors)")
  }

  /// What the job with this path found.
  static func dump(of path: String) throws -> Dump {
    let json = try Data(contentsOf: URL(filePath: "\(path).json"))
    return Dump(
      entries: try JSONDecoder().decode([Entry].self, from: json),
      bytes: try Data(contentsOf: URL(filePath: "\(path).bytes")))
  }

  private static let program = """
    import argparse, collections, io, json, os, pickle, pickletools, sys, zipfile
    from collections import OrderedDict
    import numpy, torch
    torch.set_num_threads(1)
    def load(path): return torch.load(path, map_location="cpu", weights_only=False)
    def safetensors(path):
      try:
        from safetensors.torch import load_file
        return load_file(path)
      except ImportError:
        pass
      data = open(path, "rb").read()
      end = 8 + int.from_bytes(data[:8], "little")
      types = dict(F32=torch.float32, F64=torch.float64, F16=torch.float16, BF16=torch.bfloat16,
                   I64=torch.int64, I32=torch.int32, U8=torch.uint8, BOOL=torch.bool)
      tensors = {}
      for name, entry in json.loads(data[8:end]).items():
        if name == "__metadata__": continue
        a, b = entry["data_offsets"]
        type, shape = types[entry["dtype"]], entry["shape"]
        raw = torch.from_numpy(numpy.frombuffer(data[end + a:end + b], numpy.uint8).copy())
        # torch cannot view no bytes as another type.
        tensors[name] = raw.view(type).reshape(shape) if a < b else torch.zeros(shape, dtype=type)
      return tensors
    def raw(x):
      x = x.detach().contiguous().flatten()
      return x.view(torch.uint8).numpy().tobytes() if x.numel() else b""
    for job in json.load(open(sys.argv[1])):
      PATH = job["path"]
      torch.manual_seed(1)
      sd = OrderedDict([("fc.weight", torch.randn(4, 3, 2, 2)), ("fc.bias", torch.randn(4)),
        ("n", torch.tensor(7)), ("empty", torch.zeros(0, 3))])
      exec(job["making"])
      exec(job["dumping"])
      if job["dumping"]:
        entries = []
        with open(PATH + ".bytes", "wb") as out:
          for name, x in tensors.items():
            entries.append({"name": name, "dtype": str(x.dtype).split(".")[1],
              "shape": list(x.shape), "byteCount": out.write(raw(x)),
              "floatByteCount": out.write(raw(x.to(torch.float32)))})
        json.dump(entries, open(PATH + ".json", "w"))
    """

  /// Type of torch by ours.
  static let types: [CheckpointElement: String] = [
    .bool: "bool", .u8: "uint8", .i8: "int8", .u16: "uint16", .i16: "int16", .u32: "uint32",
    .i32: "int32", .u64: "uint64", .i64: "int64", .f16: "float16", .bf16: "bfloat16",
    .f32: "float32", .f64: "float64",
  ]

  /// Expects the same names, types, sizes, bytes and floats, and the order if it has to be kept.
  static func expect(
    _ tensors: CheckpointTensors, equals dump: Dump, inOrder: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let names = dump.entries.map(\.name)
    #expect(
      inOrder ? tensors.names == names : tensors.names.sorted() == names.sorted(),
      sourceLocation: sourceLocation)
    var rest = dump.bytes
    for entry in dump.entries {
      let bytes = rest.prefix(entry.byteCount)
      let floats = rest.dropFirst(entry.byteCount).prefix(entry.floatByteCount)
      rest = rest.dropFirst(entry.byteCount + entry.floatByteCount)
      guard let tensor = tensors[entry.name] else { continue }
      let isSame =
        tensor.shape == entry.shape && types[tensor.element] == entry.dtype
        && tensor.bytes == bytes
      let hasFloats = tensor.floats().withUnsafeBytes { Data($0) } == floats
      #expect(isSame, "\(entry.name)", sourceLocation: sourceLocation)
      #expect(hasFloats, "\(entry.name)", sourceLocation: sourceLocation)
    }
    #expect(rest.isEmpty, sourceLocation: sourceLocation)
  }
}

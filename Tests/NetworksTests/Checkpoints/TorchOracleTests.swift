import Base
import Foundation
import Networks
import TestSupport
import Testing

/// Every file reads as `torch.load` reads it.
struct TorchOracleTests {
  private static func unwrapping(_ entry: String) -> String {
    """
    tensors = safetensors(PATH) if open(PATH, "rb").read(9)[8:] == b"{" else load(PATH)
    for key in \(entry.isEmpty ? "[]" : "'\(entry)'.split('/')"): tensors = tensors[key]
    while tensors and all(k.startswith("module.") for k in tensors):
      tensors = {k[7:]: v for k, v in tensors.items()}
    """
  }

  @Test(
    .tags(.slow), .whenSlow, .enabled(if: SharedData.isPresent, "needs the shared test data"),
    .enabled(if: TorchOracle.isPresent, "needs TESSERA_ORACLE_PYTHON with torch"))
  func `real files equal what torch finds in them`() throws {
    let folder = try TemporaryDirectory()
    var jobs: [TorchOracle.Job] = []
    for (index, name) in CheckpointTests.files.enumerated() {
      let link = folder.path("\(index)")
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: SharedData.path(name))
      let entry = name.contains("transformernet") ? "model_state_dict" : ""
      jobs.append(TorchOracle.Job(path: link, dumping: Self.unwrapping(entry)))
    }
    try TorchOracle.run(jobs, isStored: false)
    for job in jobs {
      let checkpoint = try Checkpoint.read(job.path)
      // The library behind the oracle sorts by offset; ours keeps the header.
      TorchOracle.expect(
        checkpoint.tensors, equals: try TorchOracle.dump(of: job.path),
        inOrder: checkpoint.format != .safetensors)
    }
  }

  /// A file that torch makes, and where its parameters are.
  struct Made: CustomTestStringConvertible, Sendable {
    let title: String
    let script: String
    var entry = ""
    var format = Checkpoint.Format.zip
    var isLarge = false
    var testDescription: String { title }
  }

  static let made: [Made] = [
    Made(title: "plain", script: "torch.save(sd, PATH)"),
    Made(
      title: "stream", script: "torch.save(sd, PATH, _use_new_zipfile_serialization=False)",
      format: .stream),
    Made(title: "protocol 3", script: "torch.save(sd, PATH, pickle_protocol=3)"),
    Made(title: "protocol 4", script: "torch.save(sd, PATH, pickle_protocol=4)"),
    Made(title: "protocol 5", script: "torch.save(sd, PATH, pickle_protocol=5)"),
    Made(
      title: "protocol 4 stream",
      script: "torch.save(sd, PATH, pickle_protocol=4, _use_new_zipfile_serialization=False)",
      format: .stream),
    Made(
      title: "every element type",
      script: """
        for t in ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16",
                  "float32", "float64", "uint16", "uint32", "uint64"]:
          sd[t] = (100 * torch.rand(3, 5)).to(getattr(torch, t))
        torch.save(sd, PATH)
        """),
    Made(
      title: "every element type that old torch had, in a stream",
      script: """
        for t in ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16",
                  "float32", "float64"]:
          sd[t] = (100 * torch.rand(3, 5)).to(getattr(torch, t))
        torch.save(sd, PATH, _use_new_zipfile_serialization=False)
        """, format: .stream),
    Made(
      title: "every half",
      script: """
        bits = torch.arange(65536, dtype=torch.int32).to(torch.int16)
        sd = {"f16": bits.view(torch.float16), "bf16": bits.view(torch.bfloat16)}
        sd = {k: torch.where(torch.isnan(v), torch.zeros_like(v), v) for k, v in sd.items()}
        torch.save(sd, PATH)
        """, isLarge: true),
    Made(
      title: "views",
      script: """
        x = torch.randn(6, 5, 4, 3)
        sd = {"t": x.t() if x.dim() < 3 else x.transpose(0, 2), "slice": x[1:5:2, ::3, 1, :],
          "last": x[-1], "permuted": x.permute(3, 1, 0, 2), "one": x[2, 3, 1, 2],
          "expanded": torch.randn(1, 3, 1).expand(4, 3, 5), "empty": x[6:], "whole": x,
          "channels_last": torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
          "narrow": x.narrow(1, 1, 3), "diagonal": torch.randn(4, 4).diagonal()}
        torch.save(sd, PATH)
        """),
    Made(
      title: "views in a stream",
      script: """
        x = torch.randn(6, 5)
        sd = {"t": x.t(), "row": x[2], "column": x[:, 3], "x": x}
        torch.save(sd, PATH, _use_new_zipfile_serialization=False)
        """, format: .stream),
    Made(
      title: "tied weights",
      script: """
        sd["tied.weight"] = sd["fc.weight"]; sd["tied.view"] = sd["fc.weight"].view(4, 12)
        torch.save(sd, PATH)
        """),
    Made(
      title: "module with its metadata",
      script: """
        m = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
        torch.save(m.state_dict(), PATH)
        """),
    Made(
      title: "spectral norm",
      script: """
        m = torch.nn.utils.spectral_norm(torch.nn.Conv2d(3, 4, 3))
        torch.save(m.state_dict(), PATH)
        """),
    Made(
      title: "parameters",
      script: """
        p = torch.nn.Parameter(torch.randn(3)); q = torch.nn.Parameter(torch.randn(2, 2).t())
        q.note = "an attribute"
        r = torch.randn(3); r.note = [1, "x"]
        torch.save({"p": p, "q": q, "r": r, "b": torch.nn.Buffer(torch.ones(2))}, PATH)
        """),
    Made(
      title: "DataParallel",
      script: """
        m = torch.nn.DataParallel(torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3)))
        torch.save(m.state_dict(), PATH)
        """),
    Made(
      title: "training state",
      script: """
        m = torch.nn.Linear(3, 2); o = torch.optim.Adam(m.parameters())
        m(torch.ones(1, 3)).sum().backward(); o.step()
        torch.save({"epoch": 3, "state_dict": m.state_dict(), "optimizer": o.state_dict(),
          "optim_D": {"exp_avg": torch.ones(3)}, "best": 1e300, "rng_state": torch.get_rng_state(),
          "args": argparse.Namespace(lr=1e-3, device=torch.device("cpu"), size=torch.Size([3])),
          "history": [1.5] * 1000, "np": numpy.float64(3), "npi": numpy.int64(3),
          "array": numpy.arange(300.0), "names": {"a", "b"}, "big": -2**70, "b": b"bytes",
          "counts": collections.defaultdict(list, {1: [2]}), "none": None, "flag": True,
          "text": "x" * 5000, "nested": {"list": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)]},
          "c": collections.Counter("aab"), "when": __import__("datetime").datetime(2020, 1, 1),
          "path": __import__("pathlib").Path("x"), "dtype": torch.float16, "z": 1j}, PATH)
        """, entry: "state_dict"),
    Made(
      title: "training state in protocol 4",
      script: """
        m = torch.nn.Linear(3, 2); o = torch.optim.SGD(m.parameters(), lr=0.1)
        torch.save({"model": m.state_dict(), "opt": o.state_dict(), "args": argparse.Namespace(a=1),
          "np": numpy.float32(3), "array": numpy.arange(3), "set": {1}, "frozen": frozenset([2]),
          "bytes": b"x" * 300, "text": "x" * 300, "counts": collections.defaultdict(int),
          "ba": bytearray(b"x")},
          PATH, pickle_protocol=4)
        """, entry: "model"),
    Made(
      title: "generator and discriminator",
      script: """
        g, d = torch.nn.Linear(3, 2), torch.nn.Linear(2, 1)
        torch.save({"iteration": 1, "netD": d.state_dict(), "netG": g.state_dict()}, PATH)
        """, entry: "netG"),
    Made(
      title: "averaged parameters",
      script: """
        g, d = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
        torch.save({"params": d.state_dict(), "params_ema": g.state_dict()}, PATH)
        """, entry: "params_ema"),
    Made(
      title: "deep",
      script: """
        torch.save({"x": {"models": {"generator": OrderedDict(sd)}}}, PATH)
        """, entry: "x/models/generator"),
    Made(
      title: "the same dictionary twice",
      script: """
        torch.save({"one": sd, "two": sd}, PATH)
        """, entry: "one"),
    Made(
      title: "keys that are set again",
      script: """
        class Twice(dict):
          def __reduce__(self):
            return dict, (), None, None, iter([("a", sd["n"]), ("b", sd["n"]), ("a", sd["fc.bias"])])
        torch.save(Twice(), PATH)
        """),
    Made(title: "defaultdict", script: "torch.save(collections.defaultdict(list, sd), PATH)"),
    Made(
      title: "names of all kinds",
      script: """
        torch.save({"ünï.cöde": torch.ones(1), "": torch.ones(2), "a/b": torch.ones(3),
          " ": torch.ones(1)}, PATH)
        """),
    Made(
      title: "OrderedDict of Python 2",
      script: """
        class Old(OrderedDict):
          def __reduce__(self): return OrderedDict, ([[k, v] for k, v in self.items()],)
        torch.save(Old(sd), PATH, _use_new_zipfile_serialization=False)
        """, format: .stream),
    Made(
      title: "strings of Python 2",
      script: """
        buffer = io.BytesIO(); torch.save(sd, buffer)
        with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(PATH, "w") as new:
          for name in old.namelist():
            data = old.read(name)
            if name.endswith("data.pkl"):
              parts, ops = [], list(pickletools.genops(data))
              for (op, arg, at), (_, _, end) in zip(ops, ops[1:] + [(None, None, len(data))]):
                text = arg.encode() if op.name == "BINUNICODE" else b""
                old_style = (b"U" + bytes([len(text)]) if len(text) < 6 else
                             b"T" + len(text).to_bytes(4, "little")) + text
                parts.append(old_style if op.name == "BINUNICODE" else data[at:end])
              data = b"".join(parts)
            new.writestr(name, data)
        """),
    Made(
      title: "a name that starts with no folder",
      script: """
        torch.save(sd, open(PATH, "wb"))
        """),
  ]

  @Test func `what torch writes reads as torch reads it`() throws {
    try expectSame(Self.made.filter { !$0.isLarge })
  }

  @Test(
    .tags(.slow), .whenSlow,
    .enabled(if: TorchOracle.isPresent, "needs TESSERA_ORACLE_PYTHON with torch"))
  func `what torch of today writes reads as it reads it`() throws {
    try expectSame(Self.made, isStored: false)
  }

  private func expectSame(_ all: [Made], isStored: Bool = true) throws {
    let folder = try TemporaryDirectory()
    let paths = all.indices.map { folder.path("\($0).pth") }
    let jobs = zip(paths, all).map {
      TorchOracle.Job(path: $0, making: $1.script, dumping: Self.unwrapping($1.entry))
    }
    try TorchOracle.run(jobs, isStored: isStored)
    for (path, made) in zip(paths, all) {
      do {
        let checkpoint = try Checkpoint.read(path)
        #expect(checkpoint.entry == made.entry, "\(made.title)")
        #expect(checkpoint.format == made.format, "\(made.title)")
        #expect(!checkpoint.tensors.isEmpty, "\(made.title)")
        TorchOracle.expect(checkpoint.tensors, equals: try TorchOracle.dump(of: path))
      } catch {
        Issue.record("\(made.title): \(error)")
      }
    }
  }

  /// A file that is refused, and words of the message.
  struct Refused: CustomTestStringConvertible, Sendable {
    let script: String
    let words: [String]
    var testDescription: String { words[0] }
  }

  static let refused: [Refused] = [
    Refused(
      script: "torch.save(torch.nn.Sequential(torch.nn.Linear(1, 1)), PATH)",
      words: ["torch.nn.modules.container.Sequential is not something", "state_dict()"]),
    Refused(
      script: """
        torch.save(torch.nn.Linear(1, 1), PATH, _use_new_zipfile_serialization=False)
        """, words: ["torch.nn.modules.linear.Linear is not something", "state_dict()"]),
    Refused(
      script: "torch.jit.script(torch.nn.Linear(1, 1)).save(PATH)",
      words: ["TorchScript", "torch.jit.load"]),
    Refused(
      script: """
        class Bad:
          def __reduce__(self): return os.system, ("true",)
        torch.save({"a": sd["n"], "b": Bad()}, PATH)
        """, words: ["posix.system is not something a checkpoint needs", "run code"]),
    Refused(
      script: """
        class Bad:
          def __reduce__(self): return eval, ("1",)
        torch.save({"a": sd["n"], "b": Bad()}, PATH, pickle_protocol=4)
        """, words: ["builtins.eval is not something a checkpoint needs"]),
    Refused(
      script: "torch.save({'a': torch.eye(3).to_sparse()}, PATH)",
      words: ["parameter a: it is a sparse tensor"]),
    Refused(
      script: "torch.save({'a': torch.ones(2, dtype=torch.complex64)}, PATH)",
      words: ["parameter a: it holds ComplexFloatStorage numbers"]),
    Refused(
      script: "torch.save({'a': torch.ones(2).to(torch.float8_e4m3fn)}, PATH)",
      words: ["parameter a: it holds float8_e4m3fn numbers"]),
    Refused(
      script: "torch.save({'a': torch.empty(3, device='meta')}, PATH)",
      words: ["parameter a: it is a tensor without numbers"]),
    Refused(
      script: """
        q = torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)
        torch.save({'a': q}, PATH)
        """, words: ["parameter a: it is a quantized tensor"]),
    Refused(
      script: "torch.save({'bomb': torch.zeros(1).expand(1000, 1000, 1000)}, PATH)",
      words: ["parameter bomb: with its size [1000, 1000, 1000]"]),
    Refused(
      script: "torch.save({'epoch': 3, 'lr': 0.1}, PATH)",
      words: ["it holds no parameters, only epoch, lr", "state_dict()"]),
    Refused(
      script: "torch.save([torch.ones(1)], PATH)", words: ["it holds no dictionary of parameters"]),
    Refused(
      script: "torch.save({'netG_A': sd, 'netG_B': OrderedDict(sd)}, PATH)",
      words: ["it has parameters under netG_A, netG_B; say which"]),
    Refused(
      script: """
        buffer = io.BytesIO(); torch.save(sd, buffer)
        with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(PATH, "w") as new:
          for name in old.namelist(): new.writestr(name, old.read(name), zipfile.ZIP_DEFLATED)
        """, words: ["data.pkl is compressed", "save it again in Python"]),
  ]

  @Test func `what is no checkpoint is refused by name`() throws {
    let folder = try TemporaryDirectory()
    let paths = Self.refused.indices.map { folder.path("\($0).pth") }
    try TorchOracle.run(
      zip(paths, Self.refused).map { TorchOracle.Job(path: $0, making: $1.script) })
    for (path, refused) in zip(paths, Self.refused) {
      let error = #expect(throws: TesseraError.self) { try Checkpoint.read(path) }
      let message = error?.description ?? ""
      #expect(message.hasPrefix("\(path): reading the checkpoint: "))
      for words in refused.words { #expect(message.contains(words), "\(message)") }
    }
  }

  @Test func `an entry is chosen by its keys or the last of them`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("two.pth")
    try TorchOracle.run([
      TorchOracle.Job(
        path: path,
        making: """
          a, b = torch.nn.Linear(2, 3).state_dict(), torch.nn.Linear(4, 5).state_dict()
          torch.save({"models": {"netG_A": a, "netG_B": b}}, PATH)
          """)
    ])
    #expect(try Checkpoint.read(path, entry: "netG_A")["weight"]?.shape == [3, 2])
    #expect(try Checkpoint.read(path, entry: "models/netG_B")["weight"]?.shape == [5, 4])
    #expect(try Checkpoint.read(path, entry: "netG_B").entry == "models/netG_B")
    let error = #expect(throws: TesseraError.self) { try Checkpoint.read(path, entry: "G") }
    #expect(error?.reason.contains("under models/netG_A, models/netG_B") == true)
  }

  @Test func `NaN and infinity are noticed in every type of float`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("nan.pth")
    try TorchOracle.run([
      TorchOracle.Job(
        path: path,
        making: """
          sd = {}
          for t in ["float16", "bfloat16", "float32", "float64"]:
            for name, value in [("good", 65504.0), ("nan", float("nan")), ("inf", float("-inf"))]:
              sd[t + "." + name] = torch.tensor([0, 1, value, 2], dtype=getattr(torch, t))
          torch.save(sd, PATH)
          """)
    ])
    let checkpoint = try Checkpoint.read(path)
    #expect(checkpoint.names.count == 12)
    for (name, tensor) in checkpoint.tensors {
      #expect(tensor.isFinite == name.hasSuffix("good"), "\(name)")
      #expect(tensor.floats().allSatisfy(\.isFinite) == name.hasSuffix("good"), "\(name)")
    }
  }

  @Test func `a file that we write as safetensors reads back in Python`() throws {
    let folder = try TemporaryDirectory()
    let floats = CheckpointTensor(shape: [2, 1, 3], floats: [0, -1.5, .pi, -0x1p-149, 7, 8])
    let half = CheckpointTensor(shape: [2], element: .bf16, bytes: Data([0x80, 0x3F, 0, 0xC0]))
    let tensors = CheckpointTensors([
      ("z.weight", floats), ("a \"b\" \\ \n \u{1} ü 名", half),
      ("flags", CheckpointTensor(shape: [3], element: .bool, bytes: Data([1, 0, 1]))),
      ("none", CheckpointTensor(shape: [0, 4], floats: [])),
      ("one", CheckpointTensor(shape: [], floats: [3])),
    ])
    let path = folder.path("made.safetensors")
    try SafetensorsFile(tensors: tensors, metadata: ["format": "pt", "a": "\"\t"]).write(to: path)
    try TorchOracle.run([TorchOracle.Job(path: path, dumping: "tensors = safetensors(PATH)")])
    TorchOracle.expect(tensors, equals: try TorchOracle.dump(of: path), inOrder: false)
  }
}

import Foundation
import TestSupport
import Testing

/// `tessera plugin install`, `list` and `remove` as their user runs them.
@Suite(.enabled(if: PlantedProgram.isRunnable, "python3 is missing"))
struct PluginInstallTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func run(_ arguments: [String]) throws -> ExternalTool.Result {
    try TesseraProgram.run(arguments, environment: ["XDG_DATA_HOME": folder.path("data")])
  }

  private var installed: [String] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder.path("data/tessera/plugins"))
    return (names ?? []).sorted()
  }

  /// Writes a planted plugin and an archive of it that `code` adds to: `tar` is Python's `TarFile`.
  private func archive(_ name: String, _ code: String = "") throws -> String {
    let plugin = folder.url.appending(path: "plugin")
    if !FileManager.default.fileExists(atPath: plugin.path) {
      try PlantedProgram.write("good", to: plugin)
    }
    let python = try #require(ExternalTool("python3"))
    let path = folder.path(name)
    let result = try python.run([
      "-c",
      """
      import io, sys, tarfile, zipfile
      plugin, path = sys.argv[1:]
      def add(name, content=b"", **more):
          entry = tarfile.TarInfo(name)
          entry.size = len(content)
          for key, value in more.items(): setattr(entry, key, value)
          tar.addfile(entry, io.BytesIO(content))
      if path.endswith("zip"):
          with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as tar:
              for name in "pair.json", "planted.py": tar.write(f"{plugin}/{name}", f"planted/{name}")
      else:
          with tarfile.open(path, "w:gz") as tar:
              for name in "pair.json", "planted.py": tar.add(f"{plugin}/{name}", f"planted/{name}")
      \(code.split(separator: "\n").map { "        \($0)" }.joined(separator: "\n"))
      """, plugin.path, path,
    ])
    guard result.status == 0 else { throw ToolFailure(result.errors) }
    return path
  }

  @Test(arguments: ["planted.zip", "planted.tar.gz"])
  func `an archive is installed, listed, used and removed`(name: String) throws {
    let result = try run(["plugin", "install", try archive(name)])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("installed planted") && result.output.contains("sha256"))
    #expect(installed == ["planted"])
    let list = try run(["plugin", "list"])
    #expect(list.output.contains("planted") && list.output.contains("trusted"))
    let picture = folder.url.appending(path: "in.png")
    try PlantedProgram.writePicture(picture, isMarked: false)
    let translated = try run([
      "translate", picture.path, "--output", folder.path("out.png"), "--pair", "planted",
    ])
    #expect(translated.status == 0, "\(translated.errors)")
    let again = try run(["plugin", "install", folder.path(name)])
    #expect(again.status == 64 && again.errors.contains("--overwrite"), "\(again.errors)")
    #expect(try run(["plugin", "remove", "planted"]).status == 0)
    #expect(installed == [])
    #expect(try run(["pairs", "planted"]).status == 64)
  }

  @Test(arguments: [
    ("add('../escaped.py', b'x')", "leads out of the plugin"),
    ("add('planted/../../escaped.py', b'x')", "leads out of the plugin"),
    ("add('/escaped.py', b'x')", "absolute path"),
    ("add('planted/link', type=tarfile.SYMTYPE, linkname='/etc/passwd')", "symbolic link"),
    ("add('planted/link', type=tarfile.LNKTYPE, linkname='planted/pair.json')", "hard link"),
    ("add('planted/pipe', type=tarfile.FIFOTYPE)", "a pipe"),
    ("add('planted/bomb', bytes(200 << 20))", "unpack"),
    ("add('planted/planted.py', b'import evil')", "twice"),
  ])
  func `an archive that is not what it seems leaves nothing behind`(
    code: String, reason: String
  ) throws {
    let path = try archive("planted.tar.gz", code)
    let result = try run(["plugin", "install", path])
    #expect(result.status == 65, "\(result.output)")
    #expect(result.errors.contains(path) && result.errors.contains(reason), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(installed == [])
    #expect(!FileManager.default.fileExists(atPath: folder.path("escaped.py")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("data/escaped.py")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("data/tessera/escaped.py")))
  }

  @Test func `a truncated archive leaves nothing behind`() throws {
    let path = try archive("planted.tar.gz")
    let whole = try Data(contentsOf: URL(filePath: path))
    try whole.prefix(whole.count / 2).write(to: URL(filePath: path))
    let result = try run(["plugin", "install", path])
    #expect(result.status == 65 && result.errors.contains(path), "\(result.errors)")
    #expect(installed == [])
  }

  @Test func `an archive with another checksum is refused with both`() throws {
    let path = try archive("planted.zip")
    let other = String(repeating: "a5", count: 32)
    let result = try run(["plugin", "install", path, "--sha256", other])
    #expect(result.status == 65 && result.errors.contains("not the one that was given"))
    #expect(installed == [])
  }

  @Test func `what was changed after it was installed does not run`() throws {
    #expect(try run(["plugin", "install", try archive("planted.zip")]).status == 0)
    let file = folder.url.appending(path: "data/tessera/plugins/planted/planted.py")
    try Data((try String(contentsOf: file, encoding: .utf8) + "\n").utf8).write(to: file)
    let picture = folder.url.appending(path: "in.png")
    try PlantedProgram.writePicture(picture, isMarked: false)
    let result = try run([
      "translate", picture.path, "--output", folder.path("out.png"), "--pair", "planted",
    ])
    #expect(result.status == 64 && result.errors.contains("planted.py"), "\(result.errors)")
    let list = try run(["plugin", "list"])
    #expect(!list.output.contains(": trusted"), "\(list.output)")
    // Installing it again is how a change is trusted.
    let again = try run(["plugin", "install", folder.path("planted.zip"), "--overwrite"])
    #expect(again.status == 0 && again.output.contains("replaced planted"))
    #expect(try run(["plugin", "list"]).output.contains(": trusted"))
  }

  @Test func `bytecode that was put beside trusted sources does not run`() throws {
    #expect(try run(["plugin", "install", try archive("planted.zip")]).status == 0)
    let cache = folder.url.appending(path: "data/tessera/plugins/planted/__pycache__")
    try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
    try Data("evil".utf8).write(to: cache.appending(path: "planted.cpython-311.pyc"))
    let result = try run(["pairs", "planted"])
    #expect(result.status == 64 && result.errors.contains("__pycache__/"), "\(result.errors)")
  }

  @Test func `what was put into the folder by hand does not run`() throws {
    try PlantedProgram.write(
      "good", to: folder.url.appending(path: "data/tessera/plugins/planted"))
    let result = try run(["pairs", "planted"])
    #expect(result.status == 64 && result.errors.contains("tessera plugin install"))
  }
}

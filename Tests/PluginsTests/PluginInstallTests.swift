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

  @Test func `a library that is no plugin is never loaded`() throws {
    let compiler = try #require(ExternalTool("cc") ?? ExternalTool("clang"))
    let marker = folder.path("RAN")
    let source = folder.path("evil.c")
    try Data(
      """
      #include <stdio.h>
      __attribute__((constructor)) static void begin(void) {
        FILE *file = fopen("\(marker)", "a");
        if (file) fclose(file);
      }
      """.utf8
    ).write(to: URL(filePath: source))
    for (name, more) in [("libevil.so", ""), ("libhalf.so", "void plugin_register(void *p) {}")] {
      try Data((try String(contentsOfFile: source, encoding: .utf8) + more).utf8).write(
        to: URL(filePath: source))
      let library = folder.path(name)
      #expect(try compiler.run(["-shared", "-fPIC", "-o", library, source]).status == 0)
      for command in [["plugin", "install", library], ["pairs", "--plugin", library]] {
        let result = try run(command)
        #expect(result.errors.contains("it is no plugin of Tessera"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: marker))
      }
    }
    try Data("no library".utf8).write(to: URL(filePath: folder.path("libtext.so")))
    let text = try run(["plugin", "install", folder.path("libtext.so")])
    #expect(text.status == 65 && text.errors.contains("no library for this computer"))
  }

  /// A plugin whose manifest has been changed.
  private func planted(replacing old: String, with new: String) throws -> String {
    let plugin = folder.url.appending(path: "plugin")
    try PlantedProgram.write("good", to: plugin)
    let manifest = plugin.appending(path: "pair.json")
    let text = try String(contentsOf: manifest, encoding: .utf8)
    try Data(text.replacing(old, with: new).utf8).write(to: manifest)
    return plugin.path
  }

  @Test(arguments: [
    (
      #""outputRange""#, #""ouputRange""#, "unknown field 'ouputRange'; did you mean 'outputRange'?"
    ),
    (#""channels": 3"#, #""channels": 3.5"#, "it is 3.5, which is no whole number"),
    (#""timeoutSeconds""#, #""timeoutSecond""#, "did you mean 'process.timeoutSeconds'"),
    (#""channels": 3,"#, #""channels": 3"#, "(line"),
    (
      #""timeoutSeconds": 20.0"#, #""timeoutSeconds": 1e10"#,
      "process.timeoutSeconds is 10000000000.0; write seconds above 0, at most 604800 (a week)"
    ),
    (#""timeoutSeconds": 20.0"#, #""timeoutSeconds": 0"#, "process.timeoutSeconds is 0.0"),
  ])
  func `a manifest with a mistake is refused wherever it is read`(
    old: String, new: String, words: String
  ) throws {
    let plugin = try planted(replacing: old, with: new)
    let words = words.replacing("'process.timeoutSeconds'", with: "'timeoutSeconds'")
    for command in [["plugin", "build"], ["plugin", "check"], ["plugin", "install"]] {
      let result = try run(command + [plugin])
      #expect(result.status == 65 && result.errors.contains(words), "\(result.errors)")
    }
    let used = try run(["pairs", "planted", "--plugin", plugin])
    #expect(used.errors.contains(words), "\(used.errors)")
  }

  @Test func `nothing that a manifest says moves a terminal`() throws {
    let plugin = try planted(
      replacing: #""title": "Planted""#,
      with: #""title": "\u001b[31mred\nline\u202e\#(String(repeating: "x", count: 5000))""#)
    for command in [["pairs"], ["pairs", "planted"], ["pairs", "--json"]] {
      let result = try run(command + ["--plugin", plugin])
      let isClean = result.output.unicodeScalars.allSatisfy {
        $0 == "\n" || $0.value >= 32 && $0.value != 0x202e
      }
      #expect(isClean && result.output.contains("[31mred"), "\(result.output)")
      if !command.contains("--json") { #expect(result.output.utf8.count < 4000) }
    }
  }

  @Test func `a program that is hidden is not dropped without a word`() throws {
    let plugin = try planted(
      replacing: #""python3", "planted.py""#, with: #""./.venv/bin/python", "planted.py""#)
    try FileManager.default.createDirectory(
      atPath: "\(plugin)/.venv/bin", withIntermediateDirectories: true)
    let result = try run(["plugin", "install", plugin])
    #expect(result.status == 65, "\(result.errors)")
    #expect(result.errors.contains("'./.venv/bin/python', which is hidden"), "\(result.errors)")
    #expect(installed == [])
  }

  @Test func `requirements that cannot be met install nothing`() throws {
    let plugin = try planted(replacing: "\u{0}", with: "")
    try Data("./no-such-package-beside-it\n".utf8).write(
      to: URL(filePath: "\(plugin)/requirements.txt"))
    let result = try run(["plugin", "install", plugin])
    #expect(result.status == 65 && result.errors.contains("requirements.txt"), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    #expect(installed == [])
  }

  private static let hasEnvironments =
    (try? ExternalTool("python3")?.run(["-c", "import ensurepip, venv"]))?.status == 0

  @Test(.enabled(if: hasEnvironments, "Python has no venv"))
  func `requirements are installed with the plugin, and the program runs among them`() throws {
    let plugin = try planted(replacing: "\u{0}", with: "")
    // A wheel is an archive of what is to be copied: no network and no compiler is needed.
    let python = try #require(ExternalTool("python3"))
    let wheel = "planted_extra-1.0-py3-none-any.whl"
    let made = try python.run([
      "-c",
      """
      import sys, zipfile
      info = "planted_extra-1.0.dist-info/"
      with zipfile.ZipFile(sys.argv[1], "w") as wheel:
          wheel.writestr("planted_extra.py", "word = 'here'")
          wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: planted-extra\\nVersion: 1.0\\n")
          wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
          wheel.writestr(info + "RECORD", "")
      """, "\(plugin)/\(wheel)",
    ])
    try #require(made.status == 0, "\(made.errors)")
    try Data("./\(wheel)\n".utf8).write(to: URL(filePath: "\(plugin)/requirements.txt"))
    let program = URL(filePath: "\(plugin)/planted.py")
    try Data(
      ("import planted_extra\n" + (try String(contentsOf: program, encoding: .utf8))).utf8
    ).write(to: program)
    let result = try run(["plugin", "install", plugin])
    try #require(result.status == 0, "\(result.errors)")
    let picture = folder.url.appending(path: "in.png")
    try PlantedProgram.writePicture(picture, isMarked: false)
    let translated = try run([
      "translate", picture.path, "--output", folder.path("out.png"), "--pair", "planted",
    ])
    #expect(translated.status == 0, "\(translated.errors)")
    #expect(try run(["plugin", "list"]).output.contains(": trusted"))
  }
}

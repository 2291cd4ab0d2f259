import Base
import Foundation
import TestSupport
import Testing

@testable import Training

struct RunDirectoryTests {
  struct Settings: Codable, Hashable {
    var epochs = 100
    var learningRate = 0.0002
    var data = "/data/a b"
  }

  private func refusal(_ body: () throws -> Void) -> String {
    let error = #expect(throws: TesseraError.self) { try body() }
    return error?.description ?? ""
  }

  @Test func `a run keeps its settings and has its folders`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("deep/run")
    do {
      let run = try RunDirectory.create(at: path, method: "cut", settings: Settings(epochs: 3))
      #expect(run.samples == "\(path)/samples")
    }
    let names = [".lock", "checkpoints", "config.json", "package", "samples"]
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).sorted() == names)
    let text = try String(contentsOfFile: "\(path)/config.json", encoding: .utf8)
    #expect(
      text == """
        {
          "method" : "cut",
          "settings" : {
            "data" : "/data/a b",
            "epochs" : 3,
            "learningRate" : 0.0002
          },
          "tessera" : "0.1.0"
        }

        """)
    let run = try RunDirectory.resume(at: path, method: "cut")
    #expect(try run.settings(as: Settings.self) == Settings(epochs: 3))
    try run.write(Settings(epochs: 4))
    #expect(try run.settings(as: Settings.self).epochs == 4)
  }

  @Test func `a run is never started over another or over strangers' files`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("run")
    func create(_ path: String) throws {
      _ = try RunDirectory.create(at: path, method: "cut", settings: Settings())
    }
    try create(path)
    let twice = refusal { try create(path) }
    #expect(twice.hasPrefix("\(path): starting the run: it already holds a run"))
    #expect(twice.contains("--resume") && twice.contains("another --output"))

    let photos = folder.path("photos")
    try FileManager.default.createDirectory(atPath: photos, withIntermediateDirectories: true)
    try Data([1]).write(to: URL(filePath: "\(photos)/a.jpg"))
    #expect(refusal { try create(photos) }.contains("not empty and not a run (it holds a.jpg)"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: photos) == ["a.jpg"])
    #expect(refusal { try create("\(photos)/a.jpg") }.contains("there is a file of this name"))
    #expect(refusal { try create("\(photos)/a.jpg/run") }.contains("cannot be made"))
    #expect(refusal { try create("/proc/run") }.contains("cannot be made"))
  }

  @Test func `a start that was cut short can be repeated`() throws {
    let folder = try TemporaryDirectory()
    for name in ["samples", "package"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: true)
    }
    for name in [".lock", ".config.json.abc.tessera-part"] {
      try Data("{".utf8).write(to: URL(filePath: folder.path(name)))
    }
    _ = try RunDirectory.create(at: folder.url.path, method: "cut", settings: Settings())
    #expect(!folder.contents.contains { $0.contains("tessera-part") })
    #expect(folder.contents.contains("config.json"))
  }

  @Test func `what is no run of this method is not resumed`() throws {
    let folder = try TemporaryDirectory()
    func resume(_ name: String) -> String {
      refusal { _ = try RunDirectory.resume(at: folder.path(name), method: "cyclegan") }
    }
    #expect(resume("none").contains("there is no such run"))
    try FileManager.default.createDirectory(
      atPath: folder.path("other"), withIntermediateDirectories: true)
    #expect(resume("other").contains("it has no config.json"))
    do {
      _ = try RunDirectory.create(at: folder.path("run"), method: "cut", settings: Settings())
    }
    #expect(resume("run").contains("it is a run of cut, not of cyclegan: use tessera train cut"))
    for (text, words) in [
      ("", "no valid JSON"), ("{\"method\": 3}", "'method' has the wrong type"),
      ("{}", "'method' is missing"),
    ] {
      try Data(text.utf8).write(to: URL(filePath: folder.path("run/config.json")))
      let message = resume("run")
      #expect(message.contains("config.json: reading the settings: they are not those of a run"))
      #expect(message.contains(words), "\(message)")
    }
    // Nothing else was touched.
    #expect(folder.contents.filter { $0.hasPrefix("other") } == ["other"])
  }

  @Test func `two cannot train into one run`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("run")
    do {
      let run = try RunDirectory.create(at: path, method: "cut", settings: Settings())
      let second = refusal { _ = try RunDirectory.resume(at: path, method: "cut") }
      #expect(second.contains("another tessera (process \(getpid())) is training into it"))
      withExtendedLifetime(run) {}
    }
    _ = try RunDirectory.resume(at: path, method: "cut")
  }

  @Test(.enabled(if: ExternalTool("flock") != nil, "needs flock"))
  func `a lock lasts as long as the process that has it`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("run")
    do { _ = try RunDirectory.create(at: path, method: "cut", settings: Settings()) }
    let process = Process()
    process.executableURL = URL(filePath: try #require(ExternalTool("flock")).path)
    process.arguments = ["-F", "\(path)/.lock", "sh", "-c", "touch '\(path)/taken'; exec sleep 60"]
    try process.run()
    for _ in 0..<500 where !FileManager.default.fileExists(atPath: "\(path)/taken") {
      usleep(10_000)
    }
    let second = refusal { _ = try RunDirectory.resume(at: path, method: "cut") }
    #expect(second.contains("is training into it"))
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    _ = try RunDirectory.resume(at: path, method: "cut")
  }

  @Test func `parts of files that a killed process left are removed`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("run")
    do { _ = try RunDirectory.create(at: path, method: "cut", settings: Settings()) }
    let parts = [
      ".index.html.1a.tessera-part", "samples/.s.png.1b.tessera-part.png",
      "checkpoints/.step-00000001.safetensors.1c.tessera-part",
    ]
    for name in parts { try Data([1]).write(to: URL(filePath: "\(path)/\(name)")) }
    _ = try RunDirectory.resume(at: path, method: "cut")
    #expect(!folder.contents.contains { $0.contains("tessera-part") })
  }
}

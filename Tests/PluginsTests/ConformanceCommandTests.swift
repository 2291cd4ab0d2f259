import Foundation
import Plugins
import TestSupport
import Testing

/// `tessera plugin check` as its user runs it.
@Suite(.serialized) struct ConformanceCommandTests {
  /// What the command prints with --json.
  private struct Report: Decodable {
    let plugin: String
    let passed: Bool
    let findings: [ConformanceFinding]

    var failed: [ConformanceFinding] { findings.filter { $0.outcome == .failed } }
  }

  private func check(
    _ arguments: [String]
  ) throws -> (status: Int32, report: Report, errors: String) {
    let result = try TesseraProgram.run(["plugin", "check", "--quick", "--json"] + arguments)
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    return (result.status, report, result.errors)
  }

  private func planted(
    _ id: String, _ more: [String] = []
  ) throws -> (status: Int32, report: Report, errors: String) {
    try check([try PlantedLibrary.built.get(), "--pair", id] + more)
  }

  @Test func `a good pair of a library passes`() throws {
    let (status, report, _) = try planted("good")
    #expect(status == 0 && report.passed, "\(report.failed)")
    #expect(report.findings.map(\.check) == ConformanceSuite.names)
  }

  @Test func `a crash is told with its signal and its check, and the others go on`() throws {
    let (status, report, _) = try planted("crash-on-white")
    #expect(status == 1 && report.findings.map(\.check) == ConformanceSuite.names)
    #expect(report.failed.map(\.check) == ["white"])
    #expect(
      report.failed.first?.detail
        .hasPrefix("crashed (signal 11, segmentation fault) during the check 'white'") == true,
      "\(report.failed)")
  }

  @Test func `a failed precondition is told with its message`() throws {
    let (status, report, _) = try planted("trap-on-white")
    #expect(status == 1 && report.failed.map(\.check) == ["white"])
    #expect(report.failed.first?.detail.contains("white is not expected") == true)
  }

  @Test func `a hang is ended and told`() throws {
    let (status, report, _) = try planted("hang-on-white", ["--time-limit", "3"])
    #expect(status == 1 && report.failed.map(\.check) == ["white"])
    #expect(report.failed.first?.detail == "gave no sign for 3 s during the check 'white'")
  }

  @Test func `a kilobyte a window is a leak`() throws {
    let (status, report, _) = try planted("leak", ["--windows", "10000"])
    #expect(status == 1 && report.failed.map(\.check) == ["memory"], "\(report.failed)")
    #expect(report.failed.first?.detail.contains("memory rises steadily") == true)
  }

  @Test(arguments: cases([0], slow: [1, 2])) func `without a leak memory is steady`(round: Int)
    throws
  {
    let (_, report, _) = try planted("good", ["--windows", "10000"])
    let memory = report.findings.first { $0.check == "memory" }
    #expect(memory?.outcome == .passed && memory?.detail.contains("10000 windows") == true)
  }

  @Test func `a plugin that ends the program is told`() throws {
    let (status, report, _) = try planted("end-on-white")
    #expect(status == 1)
    #expect(
      report.failed.map(\.detail) == [
        "ended the program with status 7 during the check 'white'"
      ])
  }

  @Test func `a crash in the calibration leaves out what needs it`() throws {
    let (status, report, _) = try planted("crash-in-calibration")
    #expect(status == 1 && report.failed.map(\.check) == ["calibration"])
    #expect(report.findings.map(\.check) == ConformanceSuite.names)
  }

  @Test func `without a path a pair of the catalog is checked`() throws {
    let (status, report, _) = try check(["--pair", "stain-normalization"])
    #expect(status == 0 && report.passed, "\(report.failed)")
    let text = try TesseraProgram.run([
      "plugin", "check", "--pair", "stain-normalization", "--only", "footprint",
    ])
    #expect(text.output.contains("footprint") && text.output.contains("0 failed"))
  }

  @Test func `what cannot be opened ends with 65 and a reason`() throws {
    let folder = try TemporaryDirectory()
    try Data("{\"format\": 9}".utf8).write(to: folder.url.appending(path: "pair.json"))
    for path in [folder.path("nothing"), folder.url.path] {
      let result = try TesseraProgram.run(["plugin", "check", path])
      #expect(result.status == 65 && result.errors.contains(path), "\(result.errors)")
    }
    #expect(try TesseraProgram.run(["plugin", "check"]).status == 64)
  }

  @Test(.tags(.slow), .whenSlow, .enabled(if: SharedData.isPresent, "needs the shared test data"))
  func `an imported network passes`() throws {
    let folder = try TemporaryDirectory()
    let models = SharedData.path("models/onnx_espcn_x3")
    let names = try FileManager.default.contentsOfDirectory(atPath: models)
    let file = try #require(names.first { $0.hasSuffix(".onnx") })
    let made = try TesseraProgram.run([
      "import", "\(models)/\(file)", "--output", folder.path("espcn"),
    ])
    try #require(made.status == 0, "\(made.errors)")
    let (status, report, errors) = try check([folder.path("espcn")])
    #expect(status == 0 && report.passed, "\(report.failed) \(errors)")
    #expect(report.findings.map(\.check) == ConformanceSuite.names)
  }
}

import Foundation
import Synchronization
import TestSupport
import Testing

/// From nothing to a pair that translates, as its author does it.
@Suite(.serialized) struct PluginMakingTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func run(_ arguments: [String]) throws -> ExternalTool.Result {
    try TesseraProgram.run(
      arguments, environment: ["XDG_DATA_HOME": folder.path("data"), "PATH": Self.path])
  }

  /// Where a Python with numpy is found first, if the oracles are installed.
  private static let path: String = {
    let environment = ProcessInfo.processInfo.environment
    let python = environment["TESSERA_ORACLE_PYTHON"].map { URL(filePath: $0) }
    return [python?.deletingLastPathComponent().path, environment["PATH"]].compactMap { $0 }
      .joined(separator: ":")
  }()

  static var hasNumpy: Bool {
    let python = path.split(separator: ":").lazy.compactMap { ExternalTool("\($0)/python3") }.first
    return (try? python?.run(["-c", "import numpy"]))?.status == 0
  }

  private func isTrue(_ arguments: [String]) throws {
    let result = try run(arguments)
    #expect(result.status == 0, "\(arguments): \(result.errors)\(result.output)")
  }

  private func translate(_ pair: String, _ more: [String] = []) throws {
    let input = try TestImages.writePPM(folder.path("photo.ppm"), width: 160, height: 120)
    let output = folder.path("\(pair).png")
    try isTrue(["translate", input, "--output", output, "--pair", pair] + more)
    let vips = try #require(TestImages.vips)
    let header = try vips.run(["subtract", input, output, folder.path("difference.v")])
    #expect(header.status == 0)
    let average = try vips.run(["deviate", folder.path("difference.v")])
    #expect(Double(average.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 > 0.1)
  }

  /// The plugin interface as the first build of this run compiled it; the others take it over.
  private static let interface = Mutex<TemporaryDirectory?>(nil)

  private func build(_ plugin: String) throws {
    let (files, own) = (FileManager.default, "\(plugin)/.sdk")
    let shared = Self.interface.withLock { $0 }
    if let shared { try files.copyItem(atPath: shared.path("sdk"), toPath: own) }
    try isTrue(["plugin", "build", plugin])
    guard shared == nil else { return }
    let made = try TemporaryDirectory()
    try files.copyItem(atPath: own, toPath: made.path("sdk"))
    Self.interface.withLock { $0 = made }
  }

  private func makeAndUse(_ name: String, kind: String, _ more: [String] = []) throws {
    let plugin = folder.path(name)
    try isTrue(["plugin", "new", plugin, "--kind", kind])
    if kind == "swift" { try build(plugin) } else { try isTrue(["plugin", "build", plugin]) }
    try isTrue(["plugin", "check", plugin, "--quick"])
    try isTrue(["plugin", "install", plugin])
    try translate(name.lowercased(), more)
  }

  @Test func `a Swift plugin is made, built, checked, installed and used`() throws {
    try makeAndUse("Sepia", kind: "swift", ["--set", "strength=0.5"])
  }

  @Test(.tags(.slow), .whenSlow)
  func `a Swift plugin finds its resources wherever it is installed`() throws {
    let plugin = folder.url.appending(path: "Faded")
    try isTrue(["plugin", "new", plugin.path, "--kind", "swift"])
    func edit(_ path: String, _ old: String, _ new: String) throws {
      let file = plugin.appending(path: path)
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains(old) && !text.contains(plugin.path))
      try Data(text.replacing(old, with: new).utf8).write(to: file)
    }
    try edit(
      "Package.swift", #"name: "Faded", swiftSettings"#,
      #"name: "Faded", resources: [.copy("Gain")], swiftSettings"#)
    try edit(
      "Sources/Faded/Faded.swift", #"let strength = Float(options.number("strength"))"#,
      """
      guard let url = Bundle.module.url(forResource: "gain", withExtension: "txt", subdirectory: "Gain"),
        let strength = try? Float(String(contentsOf: url, encoding: .utf8))
      else { throw PairError("there is no gain") }
      """)
    try edit(
      "Sources/Faded/Faded.swift", "import TesseraPlugin", "import Foundation\nimport TesseraPlugin"
    )
    let resources = plugin.appending(path: "Sources/Faded/Gain")
    try FileManager.default.createDirectory(at: resources, withIntermediateDirectories: true)
    try Data("0.5".utf8).write(to: resources.appending(path: "gain.txt"))
    try build(plugin.path)
    try isTrue(["plugin", "install", plugin.path])
    let copy = folder.url.appending(path: "copy")
    try FileManager.default.moveItem(at: plugin.appending(path: "built"), to: copy)
    try FileManager.default.removeItem(at: plugin)
    try translate("faded")
    try FileManager.default.removeItem(at: copy.appending(path: "Faded_Faded.resources"))
    let bare = try run(["plugin", "check", copy.path, "--quick"])
    #expect(
      bare.status == 65 && bare.errors.contains("'Faded_Faded.resources' are not beside it"),
      "\(bare.status) \(bare.errors)")
  }

  @Test(.tags(.slow), .whenSlow) func `the tests of a new Swift plugin pass`() throws {
    let plugin = folder.path("Cool")
    try isTrue(["plugin", "new", plugin, "--kind", "swift"])
    try build(plugin)
    let swift = try #require(ExternalTool("swift"))
    let tests = try swift.run(["test", "--package-path", plugin])
    #expect(tests.status == 0, "\(tests.errors)\(tests.output)")
  }

  @Test func `a package that links the interface is told what to do`() throws {
    let plugin = folder.url.appending(path: "Earlier")
    try FileManager.default.createDirectory(at: plugin, withIntermediateDirectories: true)
    try Data(
      """
      // swift-tools-version: 6.1
      import PackageDescription
      let package = Package(
        name: "Earlier",
        products: [.library(name: "Earlier", type: .dynamic, targets: ["Earlier"])],
        dependencies: [.package(path: "/nowhere/TesseraPlugin")],
        targets: [
          .target(
            name: "Earlier",
            dependencies: [.product(name: "TesseraPlugin", package: "TesseraPlugin")])
        ])
      """.utf8
    ).write(to: plugin.appending(path: "Package.swift"))
    let result = try run(["plugin", "build", plugin.path])
    #expect(
      result.status == 65 && result.errors.contains("as 'tessera plugin new' does"),
      "\(result.status) \(result.errors)")
  }

  @Test func `a model package is made, built, checked, installed and used`() throws {
    try makeAndUse("Sharper", kind: "model")
  }

  @Test(.enabled(if: hasNumpy, "numpy is missing; use 'make oracles'"))
  func `a program is made, built, checked, installed and used`() throws {
    try makeAndUse("Warm", kind: "process", ["--set", "strength=0.5"])
  }

  @Test(
    .enabled(if: hasNumpy, "numpy is missing; use 'make oracles'"),
    arguments: ["FlatField", "Sharpen"])
  func `a sample passes its check`(name: String) throws {
    let plugins = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../plugins")
    let checks = ["output", "footprint", "tiles"].flatMap { ["--only", $0] }
    try isTrue(
      ["plugin", "check", plugins.appending(path: name).path, "--quick"] + (isSlow ? [] : checks))
  }

  @Test(.tags(.slow), .whenSlow)
  func `the Swift sample passes its check, and not with another library`() throws {
    let sample = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../plugins/StainChannel")
    let plugin = folder.url.appending(path: "StainChannel")
    // Without what an author may have built beside the sources.
    for part in ["Package.swift", "Sources", "Tests", "README.md"] {
      try FileManager.default.createDirectory(at: plugin, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: sample.appending(path: part), to: plugin.appending(path: part))
    }
    try build(plugin.path)
    try isTrue(["plugin", "check", plugin.path, "--quick"])
    let library = try #require(
      try FileManager.default.contentsOfDirectory(
        at: plugin.appending(path: "built"), includingPropertiesForKeys: nil
      ).first { $0.lastPathComponent.hasPrefix("lib") })
    try (try Data(contentsOf: library) + Data([0])).write(to: library)
    let result = try run(["plugin", "install", plugin.path])
    #expect(result.status == 65, "\(result.output)")
    #expect(result.errors.contains("is not the file that plugin.json describes"))
  }

  @Test func `what cannot be made is told`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("There"), withIntermediateDirectories: true)
    let there = try run(["plugin", "new", folder.path("There"), "--kind", "swift"])
    #expect(there.status != 0 && there.errors.contains("exists already"))
    let digits = try run(["plugin", "new", folder.path("1-2"), "--kind", "swift"])
    #expect(digits.status != 0 && digits.errors.contains("no name for a plugin"))
    let empty = try run(["plugin", "build", folder.path("There")])
    #expect(empty.status != 0 && empty.errors.contains("neither Package.swift nor pair.json"))
  }
}

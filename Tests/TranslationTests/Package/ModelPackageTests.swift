import Base
import Foundation
import ModelGraph
import TesseraPlugin
import TestSupport
import Testing

@testable import Translation

@Suite(.enabled(if: TestNetworks.engine != nil, "OpenVINO is missing: run make setup"))
struct ModelPackageTests {
  /// A package of a small network, imported from ONNX.
  private func package(_ folder: TemporaryDirectory) throws -> URL {
    let file = folder.url.appending(path: "net.onnx")
    try TestNetworks.resnet(width: 2).onnx().write(to: file)
    let model = try ModelImport(
      file.path, options: ModelImport.Options(), engine: try #require(TestNetworks.engine))
    let url = folder.url.appending(path: "package", directoryHint: .isDirectory)
    try model.write(to: url.path, overwrite: false)
    return url
  }

  private func open(_ url: URL) throws -> ModelPackage {
    try ModelPackage.open(url.path, engine: try #require(TestNetworks.engine))
  }

  @Test func `a package is what was imported`() throws {
    let folder = try TemporaryDirectory()
    let url = try package(folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
    #expect(names == ["README.md", "golden.safetensors", "model.onnx", "pair.json"])
    let package = try open(url)
    #expect(package.manifest.id == "net")
    // Found out from the tanh at its end.
    #expect(package.manifest.input.range == [-1, 1])
    #expect(package.footprint?.alignment == 4)
    #expect(package.footprint?.statistics.count == 7)
  }

  @Test func `of several outputs the first is taken and said, or the one that is named`() throws {
    let folder = try TemporaryDirectory()
    let engine = try #require(TestNetworks.engine)
    var graph = TestNetworks.resnet(width: 2)
    // A second output: what the first convolution makes of a picture.
    let second = try #require(graph.nodes.first { $0.op == "Conv" }?.outputs.first)
    let first = try #require(graph.outputs.first)
    graph.outputs.append(second)
    let file = folder.path("two.onnx")
    try graph.onnx().write(to: URL(filePath: file))
    let model = try ModelImport(file, options: .init(), engine: engine)
    #expect(
      model.notes.contains { $0.contains("it has 2 outputs") && $0.contains("'\(first)' is") })
    #expect(model.package.graph.outputs == [first])
    var options = ModelImport.Options()
    options.outputName = second
    let other = try ModelImport(file, options: options, engine: engine)
    #expect(
      other.package.graph.outputs == [second] && !other.notes.contains { $0.contains("outputs") })
    #expect(other.package.graph.nodes.count < model.package.graph.nodes.count)
    options.outputName = "none"
    let error = #expect(throws: TesseraError.self) {
      try ModelImport(file, options: options, engine: engine)
    }
    #expect(error?.reason.contains("there is '\(first)', '\(second)'") == true)
  }

  @Test func `a package is not written over unasked, and something else never`() throws {
    let folder = try TemporaryDirectory()
    let url = try package(folder)
    let model = try ModelImport(
      folder.url.appending(path: "net.onnx").path, options: ModelImport.Options(),
      engine: try #require(TestNetworks.engine))
    #expect(throws: TesseraError.self) { try model.write(to: url.path, overwrite: false) }
    try model.write(to: url.path, overwrite: true)
    let other = folder.url.appending(path: "other", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: other.appending(path: "notes.txt"))
    #expect(throws: TesseraError.self) { try model.write(to: other.path, overwrite: true) }
  }

  @Test func `a model that was changed is refused`() throws {
    let folder = try TemporaryDirectory()
    let url = try package(folder)
    let file = url.appending(path: "model.onnx")
    var data = try Data(contentsOf: file)
    data[data.count - 9] ^= 0x40
    try data.write(to: file)
    let error = #expect(throws: TesseraError.self) { try open(url) }
    #expect(error?.reason.contains("not the file that pair.json describes") == true)
  }

  @Test func `a model that gives another golden output is refused`() throws {
    let folder = try TemporaryDirectory()
    let url = try package(folder)
    var graph = TestNetworks.resnet(width: 2)
    let name = try #require(
      graph.constants.keys.sorted().first {
        (graph.constants[$0]?.shape.count ?? 0) == 4
      })
    let weight = try #require(graph.constants[name])
    graph.constants[name] = Constant(weight.floats.map { $0 * 3 + 0.1 }, shape: weight.shape)
    let data = try graph.onnx()
    try data.write(to: url.appending(path: "model.onnx"))
    try edit(url) {
      $0["model"] = ["file": "model.onnx", "sha256": SHA256Digest.hexadecimal(of: data)]
    }
    let error = #expect(throws: TesseraError.self) { try open(url) }
    #expect(error?.reason.contains("golden output") == true)
  }

  private func edit(_ url: URL, _ change: (inout [String: Any]) -> Void) throws {
    let file = url.appending(path: "pair.json")
    var object =
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
    change(&object)
    try JSONSerialization.data(withJSONObject: object).write(to: file)
  }

  @Test(arguments: [
    ("input", "channels", "4"), ("input", "range", "[1, -1]"), ("model", "file", "\"../x\""),
    ("model", "file", "\"/etc/passwd\""), ("input", "colour", "\"plaid\""),
  ])
  func `a manifest that cannot be right is refused in one line`(
    part: String, key: String, value: String
  ) throws {
    let folder = try TemporaryDirectory()
    let url = try package(folder)
    try edit(url) { object in
      var inner = object[part] as? [String: Any] ?? [:]
      inner[key] = try? JSONSerialization.jsonObject(
        with: Data(value.utf8), options: .fragmentsAllowed)
      object[part] = inner
    }
    let error = #expect(throws: TesseraError.self) { try open(url) }
    #expect(error?.description.hasPrefix(url.path) == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test func `missing fields and broken JSON are named`() throws {
    let folder = try TemporaryDirectory()
    let url = try package(folder)
    try edit(url) { $0["title"] = nil }
    #expect(
      #expect(throws: TesseraError.self) { try open(url) }?.reason.contains("'title'") == true)
    try Data("{".utf8).write(to: url.appending(path: "pair.json"))
    #expect(throws: TesseraError.self) { try open(url) }
    #expect(throws: TesseraError.self) { try open(folder.url) }
  }

  @Test func `weights that are no numbers are refused by name`() throws {
    var graph = TestNetworks.identity()
    let name = try #require(graph.constants.keys.first)
    graph.constants[name] = Constant([Float](repeating: .nan, count: 9), shape: [3, 3, 1, 1])
    let error = #expect(throws: ModelError.self) {
      try ModelPackage(graph, manifest: TestNetworks.manifest(graph))
    }
    #expect(error?.reason.contains(name) == true)
  }

  @Test(arguments: [[1 << 62, 4], [1 << 62, 1 << 62], [0, 8]])
  func `a second input of an impossible size is refused`(shape: [Int]) throws {
    var graph = TestNetworks.identity()
    graph.inputs.append(GraphInput("latent", shape: shape))
    let error = #expect(throws: ModelError.self) {
      try ModelPackage(graph, manifest: TestNetworks.manifest(graph))
    }
    #expect(error?.reason.contains("latent") == true)
  }

  @Test(arguments: [
    ("latest_net_G.pth", "horse2zebra"), ("latest_net_G_A.pth", "horse2zebra-a"),
    ("200_net_G_B.pth", "horse2zebra-b"), ("cut_net_G.pth", "cut"), ("My Model.onnx", "my-model"),
  ])
  func `the identifier comes from the file, or from its folder where all files have one name`(
    file: String, id: String
  ) {
    #expect(ModelImport.identifier("/data/checkpoints/horse2zebra/\(file)") == id)
  }

  private func described(_ fields: String) throws -> ModelManifest {
    let manifest = TestNetworks.manifest(TestNetworks.resnet(width: 2))
    return try manifest.replacing(Data(fields.utf8))
  }

  @Test func `fields of a description replace what was found, object by object`() throws {
    let manifest = try described(
      #"{"title": "New", "warning": "made up", "input": {"units": "physical", "window": [0, 9]}}"#)
    #expect(manifest.title == "New" && manifest.warning == "made up")
    #expect(manifest.input.window == [0, 9])
    // What was not named stays.
    #expect(manifest.input.range == [-1, 1] && manifest.id == "resnet")
  }

  @Test(arguments: [
    (#"{"model": {"file": "other.onnx"}}"#, "is found out"), (#"{"titel": "New"}"#, "'titel'"),
    (#"{"title": 7}"#, "'title' has the wrong type"), ("[1]", "no JSON object"), ("{", "JSON"),
  ])
  func `a description with a mistake is refused with its place`(fields: String, reason: String)
    throws
  {
    let error = #expect(throws: ModelError.self) { try described(fields) }
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
  }

  @Test func `a network whose largest channel is a class makes labels`() throws {
    var manifest = TestNetworks.manifest(TestNetworks.resnet(width: 2))
    manifest.output.color = .labels
    #expect(manifest.fault == nil)
    #expect(manifest.description.outputChannels == 1)
    #expect(manifest.description.output.isLabels)
    manifest.output.unknownClass = 1
    #expect(manifest.fault?.contains("for label maps that go in") == true)
    manifest = TestNetworks.manifest(TestNetworks.identity(channels: 1))
    manifest.output.color = .labels
    #expect(manifest.fault?.contains("2 to 256 channels, one a class, not of 1") == true)
    manifest.output.channels = 2
    manifest.volume = SliceFormat()
    #expect(manifest.fault?.contains("averaged, which labels cannot be") == true)
  }

  @Test(arguments: [
    (#"{"planes": []}"#, "planes"), (#"{"neighbours": 2}"#, "5 channels"),
    (#"{"spacing": [1, 0, 1]}"#, "spacing"),
    (#"{"normalisation": {"kind": "percentile", "low": 99, "high": 1}}"#, "percentiles"),
  ])
  func `a manifest for volumes says what is wrong with it`(fields: String, reason: String) throws {
    let graph = TestNetworks.identity(channels: 1)
    var manifest = TestNetworks.manifest(graph)
    manifest.volume = SliceFormat()
    #expect(manifest.fault == nil)
    let changed = try manifest.replacing(Data(#"{"volume": \#(fields)}"#.utf8))
    #expect(changed.fault?.contains(reason) == true, "\(changed.fault ?? "")")
  }
}

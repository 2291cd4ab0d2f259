import Base
import Foundation
import Inference
import ModelGraph
import TesseraPlugin
import TestSupport
import Testing
import TileIO

/// One bad picture, file or network, which nothing else of a run may suffer from.
@Suite(.enabled(if: (try? InferenceEngine()) != nil, "OpenVINO is missing: run make setup"))
struct NetworkFaultCommandTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func path(_ name: String) -> String { folder.url.appending(path: name).path }

  private func model(
    _ name: String, _ body: (inout GraphBuilder, String) -> String
  ) throws -> String {
    var net = GraphBuilder(name: name)
    let x = net.input("input", shape: [1, 3, nil, nil])
    let y = body(&net, x)
    try net.finish([y]).onnx().write(to: folder.url.appending(path: "\(name).onnx"))
    return path("\(name).onnx")
  }

  private static func identity(_ net: inout GraphBuilder, _ x: String, padding: Int = 1) -> String {
    var weight = [Float](repeating: 0, count: 81)
    for channel in 0..<3 { weight[channel * 27 + channel * 9 + 4] = 1 }
    return net.convolution(
      x, weight: net.constant(Constant(weight, shape: [3, 3, 3, 3])), padding: padding)
  }

  /// A float picture, one sample of which is no number.
  private func picture(_ name: String, alpha: Bool = false, spoiled channel: Int? = nil) throws {
    let channels = alpha ? 4 : 3
    let info = ImageInfo(
      format: "tiff", width: 64, height: 64, channels: channels, hasAlpha: alpha, color: .rgb,
      sampleFormat: .float32)
    var tile = Tile(region: info.region, channels: channels, format: .float32)
    for row in info.region.rows {
      tile.withMutableRow(row, columns: info.region.columns, as: Float.self) { samples in
        for index in samples.indices {
          samples[index] = Float((index * 7 + row * 3) % 50) / 60 + 0.1
        }
        if row == 20, let channel { samples[30 * channels + channel] = .nan }
      }
    }
    try FileManager.default.createDirectory(
      atPath: path("in"), withIntermediateDirectories: true)
    let sink = try ImageOutput.open(
      path: path("in/\(name)"), info: info, options: OutputOptions(), pool: WorkerPool(count: 1))
    try sink.write(tile)
    try sink.finish()
  }

  @Test(arguments: ["8", "16"])
  func `no number in alpha is transparent and ends no run`(depth: String) throws {
    let model = try model("identity") { Self.identity(&$0, $1) }
    try picture("a.tif", alpha: true)
    try picture("b.tif", alpha: true, spoiled: 3)
    try picture("c.tif", alpha: true)
    let result = try TesseraProgram.run([
      "translate", path("in"), "--output", path("out"), "--model", model, "--depth", depth,
    ])
    #expect(result.status == 0, "\(result.errors)")
    for name in ["a", "b", "c"] {
      let source = try ImageFile.open(path("out/\(name).tif"))
      let format = source.info.sampleFormat
      var tile = Tile(region: source.info.region, channels: 4, format: format)
      try source.read(into: &tile)
      let alpha =
        format == .uint8
        ? tile.withRow(20, columns: 30..<31, as: UInt8.self) { Int($0[3]) }
        : tile.withRow(20, columns: 30..<31, as: UInt16.self) { Int($0[3]) }
      #expect((alpha == 0) == (name == "b"))
    }
  }

  @Test(arguments: ["frozen", "tile"])
  func `a picture whose statistics are no numbers fails alone`(norm: String) throws {
    let model = try model("norm") { net, x in net.sigmoid(net.instanceNorm(x, channels: 3)) }
    try picture("a.tif")
    try picture("b.tif", spoiled: 1)
    try picture("c.tif")
    let result = try TesseraProgram.run([
      "translate", path("in"), "--output", path("out"), "--model", model, "--depth", "8", "--norm",
      norm,
    ])
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("b.tif") && result.errors.contains("are no numbers"))
    let made = try FileManager.default.contentsOfDirectory(atPath: path("out"))
    #expect(made.filter { $0.hasSuffix(".tif") }.sorted() == ["a.tif", "c.tif"])
    #expect(!made.contains { $0.contains(".tessera-part") })
  }

  @Test(arguments: [[], ["--blend", "cosine"]])
  func `a network that gives another size is named with both`(options: [String]) throws {
    let model = try model("valid") { Self.identity(&$0, $1, padding: 0) }
    try picture("a.tif")
    let result = try TesseraProgram.run(
      ["translate", path("in/a.tif"), "--output", path("out.tif"), "--model", model] + options)
    #expect(result.status == 65, "\(result.errors)")
    #expect(result.errors.contains("were expected"), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: path("out.tif")))
  }

  @Test func `a network that moves pixels around the picture is refused at import`() throws {
    let model = try model("roll") { net, x in
      func slice(_ start: Int, _ end: Int) -> String {
        net.node("Slice", [x] + [start, end, 3].map { net.constant(Constant(integers: [$0])) })
      }
      return net.node("Concat", [slice(2, 1 << 62), slice(0, 2)], ["axis": .integer(3)])
    }
    let result = try TesseraProgram.run([
      "import", model, "--output", path("package"), "--input-range=0..1",
    ])
    #expect(result.status == 65, "\(result.errors)")
    #expect(result.errors.contains("only be run on whole pictures"), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: path("package")))
  }

  @Test func `a network that ends in numbers of classes is refused at import`() throws {
    let model = try model("classes") { net, x in
      let scores = Self.identity(&net, x)
      let best = net.node("ArgMax", [scores], ["axis": .integer(1), "keepdims": .integer(1)])
      return net.node("Cast", [best], ["to": .integer(1)])
    }
    let result = try TesseraProgram.run([
      "import", model, "--output", path("package"), "--input-range=0..1",
    ])
    #expect(result.status == 65, "\(result.errors)")
    #expect(result.errors.contains("ends in numbers of classes"), "\(result.errors)")
  }

  @Test func `a size that is held to a limit is found out at the sizes above it`() throws {
    let model = try model("limited") { net, x in
      let limit = net.constant(Constant(integers: [1, 3, 512, 512]))
      let size = net.node("Min", [net.node("Shape", [x]), limit])
      let small = net.node("Resize", [x, "", "", size], ["mode": .text("linear")])
      return net.sum(x, net.node("ReduceMean", [small], ["axes": .integers([2, 3])]))
    }
    let result = try TesseraProgram.run([
      "import", model, "--output", path("package"), "--input-range=0..1",
    ])
    #expect(result.status == 65, "\(result.errors)")
    #expect(result.errors.contains("Resize"), "\(result.errors)")
  }
}

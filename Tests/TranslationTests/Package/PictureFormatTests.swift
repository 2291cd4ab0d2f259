import Foundation
import ModelGraph
import TestSupport
import Testing
import TileIO

@testable import Translation

struct PictureFormatTests {
  private func labels(_ palette: [[Int]], classes: Int? = nil) -> PictureFormat {
    var format = PictureFormat(channels: 4, color: .labels, range: 0...1)
    (format.palette, format.classes) = (palette, classes)
    return format
  }

  @Test func `a palette is three numbers a class, for labels alone`() {
    let three = [[0, 0, 0], [255, 0, 0], [0, 0, 255]]
    #expect(labels(three).fault == nil)
    #expect(labels(three, classes: 3).fault == nil)
    #expect(labels(three, classes: 2).fault == "its palette has 3 colours for 2 classes")
    #expect(labels([]).fault == "its palette has 0 colours for 4 classes")
    #expect(labels([[0, 0, 0], [0, 0, 0]]).fault == "its palette has a colour twice")
    for wrong in [[0, 0], [0, 0, 256], [-1, 0, 0], [0, 0, 0, 0]] {
      #expect(labels([wrong]).fault?.contains("three numbers from 0 to 255") == true)
    }
    var picture = PictureFormat(channels: 3, color: .rgb, range: 0...1)
    picture.palette = three
    #expect(picture.fault == "it has a palette, which is for labels, and its colour is rgb")
  }

  @Test func `a palette is written as it is read`() throws {
    let format = labels([[1, 2, 3], [4, 5, 6]])
    let data = try JSONEncoder().encode(format)
    #expect(try JSONDecoder().decode(PictureFormat.self, from: data) == format)
    let without = #"{"channels": 4, "colour": "labels", "range": [0, 1]}"#
    #expect(try JSONDecoder().decode(PictureFormat.self, from: Data(without.utf8)).palette == nil)
  }

  @Suite(.enabled(if: TestNetworks.engine != nil, "OpenVINO is missing: run make setup"))
  struct Imports {
    private func imported(
      _ graph: Graph, _ change: (inout ModelImport.Options) -> Void
    ) throws -> ModelManifest {
      let folder = try TemporaryDirectory()
      try graph.onnx().write(to: folder.url.appending(path: "net.onnx"))
      var options = ModelImport.Options()
      options.ranges.input = -1...1
      change(&options)
      let engine = try #require(TestNetworks.engine)
      let model = try ModelImport(folder.path("net.onnx"), options: options, engine: engine)
      try model.write(to: folder.path("package"), overwrite: false)
      return try ModelPackage.open(folder.path("package"), engine: engine).manifest
    }

    @Test func `windows make samples physical on the side that they are given for`() throws {
      let graph = TestNetworks.identity(channels: 1)
      let manifest = try imported(graph) { $0.windows = (-1000...2000, nil) }
      #expect(manifest.input.units == .physical && manifest.input.window == [-1000, 2000])
      #expect(manifest.output.units == nil && manifest.output.window == nil)
      let both = try imported(graph) { $0.windows = (0...1, -5...5) }
      #expect(both.input.window == [0, 1])
      #expect(both.output.units == .physical && both.output.window == [-5, 5])
      #expect(try imported(graph) { _ in }.input.units == nil)
    }

    @Test func `a palette goes into the package, and colors come out as their classes`() throws {
      let palette = [[128, 64, 128], [70, 70, 70], [107, 142, 35]]
      let graph = TestNetworks.identity(channels: 3)
      var manifest = try imported(graph) { ($0.color, $0.palette) = (.labels, palette) }
      #expect(manifest.input.palette == palette && manifest.output.palette == nil)
      #expect(throws: (any Error).self) { try imported(graph) { $0.palette = palette } }
      manifest.model.sha256 = String(repeating: "0", count: 64)
      let pair = try TestNetworks.pair(graph, manifest: manifest)
      let folder = try TemporaryDirectory()
      // Nearly the colors of classes 2, 0 and 1, three columns each.
      let shown: [[UInt8]] = [[100, 150, 30], [130, 60, 131], [66, 75, 70]]
      let pixels = (0..<4).flatMap { _ in (0..<9).flatMap { shown[$0 / 3] } }
      let path = folder.path("a.ppm")
      try (Data("P6\n9 4\n255\n".utf8) + Data(pixels)).write(to: URL(filePath: path))
      let source = try ImageFile.open(path, as: ImageContent(pair.description.input))
      let sink = try TestNetworks.translate(
        source, try TestNetworks.settings(pair, depth: .float))
      let values = TestNetworks.floats(sink)
      let expected = (0..<9).flatMap { x in
        (0..<3).map { $0 == [2, 0, 1][x / 3] ? Float(1) : 0.5 }
      }
      // The network's 0 is the middle of its range from -1 to 1.
      #expect(zip(values.prefix(27), expected).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }
}

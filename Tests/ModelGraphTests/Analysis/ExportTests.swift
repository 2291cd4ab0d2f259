import ModelGraph
import TestSupport
import Testing

/// Networks as PyTorch's exporters write them.
@Suite(
  .enabled(if: PythonOracle.isPresent, "TESSERA_ORACLE_PYTHON names no Python with torch"),
  .enabled(if: GraphRunner.isPresent, "OpenVINO is missing: run make setup"))
struct ExportTests {
  private static let measured: [(String, [Statistic.Kind])] = [
    ("instance", [.channelMoments, .channelMoments]),
    ("instance-plain", [.channelMoments, .channelMoments]),
    ("written", [.mean, .mean, .mean, .mean]), ("varied", [.mean, .mean, .mean, .mean]),
    ("group", [.groupMoments(groups: 2), .groupMoments(groups: 2)]),
    ("single-group", [.groupMoments(groups: 1), .groupMoments(groups: 1)]),
    ("excited", [.mean, .mean]), ("attended", [.mean, .maximum, .mean, .maximum]),
    ("channel-norm", []), ("shuffled", []), ("resized", []), ("cropped", []), ("batch", []),
    ("batch-training", [.channelMoments, .channelMoments]),
  ]

  /// Networks with the exporters that can write them.
  private static func exports(_ names: [String]) -> [(name: String, exporter: String)] {
    names.flatMap { name in TorchExports.exporters.map { (name, $0) } }.filter { name, exporter in
      switch name {
      // The new exporter always writes batch norms as they are in evaluation.
      case "batch-training": exporter.hasPrefix("legacy")
      // Opset 9 has another bilinear interpolation than PyTorch, and none that keeps corners.
      case "resized", "corners": exporter != "legacy-9"
      default: true
      }
    }
  }

  private func read(_ name: String, _ exporter: String) throws -> Graph {
    let data = try TorchExports.models.get().file("\(name)-\(exporter)")
    return try Graph(onnx: try #require(data, "\(exporter) did not write \(name)"))
  }

  @Test(arguments: exports(measured.map(\.0)))
  func `frozen with the moments of a picture it gives what PyTorch gives`(
    name: String, exporter: String
  ) throws {
    let original = try read(name, exporter)
    let models = try TorchExports.models.get()
    let kinds = try #require(Self.measured.first { $0.0 == name }).1
    let network = try AnalysedGraph(original, side: 64)
    let found = network.footprint.statistics.map(\.kind)
    // A mean that a variance needs may be written a second time.
    #expect(found == kinds || name == "varied" && Set(found) == [.mean], "\(found)")
    let form = try FrozenForm(network.graph, analysis: network.analysis)
    for suffix in ["", "2"] {
      let picture = try models.tensor("\(name).in\(suffix)")
      guard let expected = try? models.tensor("\(name).out\(suffix)") else { continue }
      let moments = try WholeMeasurement(form, picture).moments
      let output = try GraphRunner.run(form.frozen(moments), [picture])[0]
      #expect(output.relativeDifference(expected) < 1e-5, "picture \(picture.shape)")
      let written = try GraphRunner.run(network.graph, [picture])[0]
      #expect(written.relativeDifference(expected) < 1e-5, "not frozen, \(picture.shape)")
    }
  }

  private static let refused: [String: [String]] = [
    "space-norm": ["LayerNormalization", "ReduceMean", "Mul"], "self-attention": ["Reshape"],
    "corners": ["Resize"], "placed": ["Add"], "flat": ["Flatten", "Reshape", "Gemm"],
  ]

  @Test(arguments: exports(refused.keys.sorted()))
  func `what mixes all places is refused by name`(name: String, exporter: String) throws {
    let original = try read(name, exporter)
    let operations = try #require(Self.refused[name])
    let error = #expect(throws: ModelError.self) { _ = try AnalysedGraph(original) }
    let text = try #require(error).description
    #expect(operations.contains { text.contains(" \($0) ") }, "\(text)")
  }
}

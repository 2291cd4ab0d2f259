import ModelGraph
import TestSupport
import Testing

/// Forms of all opsets against onnxruntime, ONNX's reference or NumPy.
@Suite(
  .enabled(if: PythonOracle.isPresent, "TESSERA_ORACLE_PYTHON names no Python with torch"),
  .enabled(if: GraphRunner.isPresent, "OpenVINO is missing: run make setup"))
struct OldFormTests {
  @Test(arguments: OldForms.names)
  func `an operation gives what it gave in the opset of its file`(name: String) throws {
    let models = try OldForms.models.get()
    let graph = try Graph(onnx: try #require(models.file(name)))
    let (picture, expected) = (try models.tensor("\(name).in"), try models.tensor("\(name).out"))
    let general = try graph.generalized(inputShapes: [graph.inputs[0].name: picture.shape])
    let output = try GraphRunner.run(general, [picture])[0]
    #expect(output.shape == expected.shape)
    #expect(output.relativeDifference(expected) < 1e-5)
    // OpenVINO itself has these otherwise, or not at all.
    guard !["gather", "group-norm-18", "transpose-shape-upper"].contains(name) else { return }
    let same = try GraphRunner.run(graph, [picture])[0]
    #expect(same.relativeDifference(expected) < 1e-5, "as it stands in the file")
  }

  @Test(
    .enabled(if: SharedData.isPresent, "needs the shared test data"),
    arguments: ["candy", "mosaic", "udnie"])
  func `a network of 2017 paints as OpenVINO paints its file`(name: String) throws {
    let data = try FileContents.of("models/onnx_fast_neural_style/\(name).onnx")
    let network = try AnalysedGraph(Graph(onnx: data))
    let picture = Tensor([1, 3, 720, 720], seed: 9, in: 0...255)
    let rewritten = try GraphRunner.run(network.graph, [picture])[0]
    let original = try GraphRunner(onnx: data, [picture.shape]).run([picture])[0]
    #expect(rewritten.relativeDifference(original) < 1e-3)
    let form = try FrozenForm(network.graph, analysis: network.analysis)
    for size in name == "candy" ? [[720, 720], [360, 512]] : [[200, 264]] {
      let other = Tensor([1, 3] + size, seed: 10, in: 0...255)
      let moments = try WholeMeasurement(form, other).moments
      let frozen = try GraphRunner.run(form.frozen(moments), [other])[0]
      let plain = try GraphRunner.run(network.graph, [other])[0]
      #expect(plain.shape == other.shape)
      #expect(frozen.relativeDifference(plain) < 1e-3, "\(size)")
    }
  }
}

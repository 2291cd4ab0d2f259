import Base
import Foundation
import Inference
import ModelGraph
import TestSupport
import Testing
import TileIO

@testable import Metrics

private let engine = try? InferenceEngine()

@Suite(.enabled(if: engine != nil, "needs OpenVINO"))
struct FeatureNetworkTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// A network that weighs the channels with 1 x 1 convolutions: 3, 4, 2 classes.
  private func write(_ name: String, half: Bool = false) throws -> String {
    let first: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0.5, 0.25, -1]
    let second = (0..<8).map { Float($0) / 8 }
    func constant(_ values: [Float], _ shape: [Int]) -> Constant {
      guard half else { return Constant(values, shape: shape) }
      let bits = values.map { Float16($0).bitPattern }
      return Constant(
        shape: shape, elementType: .float16, bytes: bits.withUnsafeBytes { Data($0) })
    }
    let graph = Graph(
      name: "test",
      inputs: [
        GraphInput("x", elementType: half ? .float16 : .float32, shape: [1, 3, 32, 32])
      ],
      outputs: ["scores"],
      nodes: [
        Node("Conv", name: "first", inputs: ["x", "w1"], outputs: ["a"]),
        Node("Relu", inputs: ["a"], outputs: ["b"]),
        Node("Conv", name: "classes", inputs: ["b", "w2"], outputs: ["c"]),
        Node("GlobalAveragePool", inputs: ["c"], outputs: ["d"]),
        Node("Softmax", inputs: ["d"], outputs: ["scores"], attributes: ["axis": .integer(1)]),
      ], constants: ["w1": constant(first, [4, 3, 1, 1]), "w2": constant(second, [2, 4, 1, 1])])
    let path = folder.path(name)
    try graph.onnx().write(to: URL(filePath: path))
    return path
  }

  private func open(
    _ path: String, node: String? = nil, _ preset: FeaturePreprocessing.Preset = .inception,
    size: Int = 32
  ) throws -> FeatureNetwork {
    var preprocessing = preset.preprocessing
    preprocessing.size = size
    return try FeatureNetwork(
      path, node: node, preprocessing: preprocessing, engine: try #require(engine))
  }

  private func image(_ width: Int = 32, _ height: Int = 32, channels: Int = 3) -> ArraySource {
    ArraySource(width: width, height: height, channels: channels, format: .uint8) { _, _, channel in
      Float([255, 128, 0][channel])
    }
  }

  @Test(arguments: [false, true])
  func `features are what the classifying layer looks at, averaged`(half: Bool) throws {
    let network = try open(write("net.onnx", half: half))
    #expect(network.length == 4 && network.node == "b")
    let features = try network.features(of: image())
    // From -1 to 1, below 0 cut off by the activation.
    let green = Float(128) / 255 * 2 - 1
    let expected = [1, green, 0, 0.5 + 0.25 * green + 1]
    for (ours, number) in zip(features, expected) { #expect(abs(ours - number) < 2e-3) }
  }

  @Test func `another node can be chosen, and gray counts three times`() throws {
    let network = try open(write("net.onnx"), node: "classes")
    #expect(network.length == 2 && network.node == "c")
    #expect(try network.features(of: image(50, 20, channels: 1)).count == 2)
  }

  @Test func `preprocessing is in the order and scale that was asked for`() {
    let planes: [[Float]] = [[255], [102], [0]]
    let tensor = FeaturePreprocessing.Preset.caffe.preprocessing.tensor(planes)
    #expect(tensor == [-104, -15, 132])
    let imagenet = FeaturePreprocessing.Preset.imagenet.preprocessing.tensor(planes)
    let expected: [Double] = [2.248908, -0.25, -1.804444]
    for (ours, number) in zip(imagenet, expected) {
      #expect(abs(Double(ours) - number) < 1e-5)
    }
  }

  @Test func `what cannot be a backbone is one line`() throws {
    let path = try write("net.onnx")
    let broken = folder.path("broken.onnx")
    try Data("no network".utf8).write(to: URL(filePath: broken))
    for (file, node, message) in [
      (folder.path("none.onnx"), nil, "none.onnx: opening the backbone: it cannot be read"),
      (broken, nil, "broken.onnx: opening the backbone: reading the model"),
      (path, "nothing", "it has no node or value 'nothing'; the last are a, b, c, d, scores"),
    ] as [(String, String?, String)] {
      let error = #expect(throws: TesseraError.self) { try open(file, node: node) }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
  }

  @Test(.enabled(if: SharedData.isPresent, "needs ../shared/data or TESSERA_TEST_DATA"))
  func `SqueezeNet tells summer from winter`() throws {
    let network = try FeatureNetwork(
      SharedData.path("models/onnx_backbones/SqueezeNet_fp16.onnx"),
      preprocessing: FeaturePreprocessing.Preset.caffe.preprocessing, engine: try #require(engine))
    try #require(network.length == 512)
    func features(_ folder: String, _ places: Range<Int>) throws -> FeatureSet {
      var set = FeatureSet(length: 512)
      let path = SharedData.path("season/\(folder)")
      let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      for name in names[places] {
        set.append(try network.features(of: ImageFile.open("\(path)/\(name)")))
      }
      return set
    }
    let (summer, winter) = (try features("testA", 0..<20), try features("testB", 0..<20))
    let more = try features("testA", 20..<40)
    let seasons = try KernelDistance().measure(summer, winter).mean
    let same = try KernelDistance().measure(summer, more).mean
    #expect(seasons > 3 * abs(same), "\(seasons) \(same)")
  }

  @Test func `images are resized as Pillow does`() throws {
    for (width, height, side) in [(97, 61, 32), (20, 31, 50), (32, 32, 32)] {
      let plane = (0..<width * height).map {
        ((TestPictures.number($0, seed: 8) + 1) * 127).rounded()
      }
      let expected: [Double] = try MetricsOracle.run(
        """
        import sys, json, numpy as np
        from PIL import Image
        w, h, side = map(int, sys.argv[2:5])
        v = np.fromfile(sys.argv[1], "<f8").reshape(h, w).astype("float32")
        out = np.asarray(Image.fromarray(v).resize((side, side), Image.BICUBIC))
        print(json.dumps(out.astype(float).round(5).ravel().tolist()))
        """, [plane], [width, height, side])
      let resize = BicubicResize(
        width: width, height: height, to: (side, side), precision: .double)
      let samples = plane.map { Float($0) }
      let ours = resize(samples.span)
      let largest = zip(ours, expected).map { abs(Double($0) - $1) }.max() ?? 1
      #expect(largest < 1e-3, "\(largest)")
    }
  }
}

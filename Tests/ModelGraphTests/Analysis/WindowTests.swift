import ModelGraph
import TestSupport
import Testing

/// A window with the halo around it gives what the whole picture gives, bit for bit; only coordinates
/// that no binary fraction holds are rounded differently from place to place.
@Suite(.enabled(if: GraphRunner.isPresent, "OpenVINO is missing: run make setup"))
struct WindowTests {
  /// Every third operation, from one on.
  private static func operations(_ first: Int) -> [OperationCases.Case] {
    stride(from: first, to: OperationCases.all.count, by: 3).map { OperationCases.all[$0] }
  }

  /// Cuts windows of three sizes, at the border and within, and compares their cores.
  private func compare(_ original: Graph, side: Int, tolerance: Float = 0) throws {
    let network = try AnalysedGraph(original, side: side)
    let frozen = try network.frozen { _, channels in
      Moments(
        count: 1, mean: (0..<channels).map { Double($0 % 5) / 20 - 0.1 },
        squares: (0..<channels).map { 0.5 + Double($0 % 3) / 4 },
        maximum: .init(repeating: 1, count: channels))
    }
    let graph = frozen.windowForm()
    let (footprint, channels) = (network.footprint, network.channels)
    let alignment = footprint.alignment
    func up(_ value: Int) -> Int { (value + alignment - 1) / alignment * alignment }
    func output(_ value: Int) -> Int { footprint.scale.scale(value) }
    let halo = up(footprint.halo)
    let whole = 2 * halo + up(96)
    let picture = Tensor([1, channels, whole, whole], seed: 5)
    let all = try GraphRunner.run(graph, [picture])[0]
    // Valid convolutions make the result smaller than the picture.
    let lost = [2, 3].map { output(whole) - all.shape[$0] }
    for core in [up(1), up(24), up(40)] {
      let size = core + 2 * halo
      let runner = try GraphRunner(graph, [[1, channels, size, size]])
      for origin in [0, up(8), whole - size] {
        // Rows and columns at different places.
        let (row, column) = (origin, whole - size - origin)
        let window = picture.crop(rows: row..<(row + size), columns: column..<(column + size))
        let result = try runner.run([window])[0]
        // At the picture's own border the window may be kept as it is.
        func kept(_ start: Int, _ direction: Int) -> Range<Int> {
          let first = start == 0 ? 0 : output(halo)
          let isLast = start + size == whole
          return first..<(isLast ? output(size) - lost[direction] : output(halo + core))
        }
        let (rows, columns) = (kept(row, 0), kept(column, 1))
        let expected = all.crop(
          rows: (rows.lowerBound + output(row))..<(rows.upperBound + output(row)),
          columns: (columns.lowerBound + output(column))..<(columns.upperBound + output(column)))
        let found = result.crop(rows: rows, columns: columns)
        let difference = found.relativeDifference(expected)
        // Rows of a few px have kernels of their own, which may round otherwise; none is that short
        // in a run, where windows are 16 px and more.
        let allowed = core < 16 ? max(tolerance, 1e-6) : tolerance
        #expect(difference <= allowed, "core \(core) at \(row), \(column)")
      }
    }
  }

  @Test(arguments: cases(operations(0), slow: operations(1) + operations(2)))
  func `a window of an operation gives what the whole gives`(
    operation: OperationCases.Case
  ) throws {
    let inexact = ["1.5 linear", "1.5 cubic", "3.0 linear", "3.0 cubic"].map { "Resize \($0)" }
    let isExact = !inexact.contains { operation.description.hasPrefix($0) }
    try compare(operation.graph, side: operation.side, tolerance: isExact ? 0 : 1e-5)
  }

  @Test(
    arguments: cases(
      [
        "ResNet-6", "anti-aliased ResNet-2", "residual ResNet-2", "TransformerNet", "HD global",
        "HD local", "U-Net", "RRDBNet-2", "StainNet",
      ], slow: ["SPADE"]))
  func `a window of a network gives what the whole gives`(name: String) throws {
    let graph =
      switch name {
      case "ResNet-6": try Generators.resnet(blocks: 6)
      case "anti-aliased ResNet-2": try Generators.resnet(blocks: 2, isAntialiased: true)
      case "residual ResNet-2": try Generators.resnet(blocks: 2, isResidual: true)
      case "TransformerNet": try Generators.transformerNet()
      case "HD global": try Generators.resnet(blocks: 2, downs: 2)
      case "HD local": try Generators.localEnhancer()
      case "U-Net": try Generators.uNet(downs: 5)
      case "SPADE": try Generators.spade(norm: .instance)
      case "StainNet": try Generators.stainNet()
      default: Generators.rrdb(blocks: 2)
      }
    try compare(graph, side: 128)
  }

  @Test(
    .enabled(if: SharedData.isPresent, "needs the shared test data"),
    arguments: [
      "onnx_fast_neural_style/candy", "onnx_fast_neural_style/mosaic",
      "onnx_espcn_x3/super_resolution",
    ])
  func `a window of a network of others gives what the whole gives`(name: String) throws {
    try compare(Graph(onnx: FileContents.of("models/\(name).onnx")), side: 224)
  }
}

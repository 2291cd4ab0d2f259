import Base
import ModelGraph
import TesseraPlugin
import TestSupport
import Testing

@testable import Translation

@Suite(.enabled(if: TestNetworks.engine != nil, "OpenVINO is missing: run make setup"))
struct BlendingTests {
  @Test(arguments: [(100, 64, 32), (64, 64, 32), (65, 64, 16), (1000, 256, 128), (300, 256, 200)])
  func `weights sum to one at every place`(length: Int, side: Int, overlap: Int) {
    let axis = BlendAxis(length: length, side: side, overlap: overlap)
    for place in 0..<length {
      let sum = axis.starts.indices.reduce(Float(0)) {
        $0 + axis.weight($1, at: Double(place) + 0.5)
      }
      #expect(abs(sum - 1) < 1e-5)
    }
    #expect(axis.starts.allSatisfy { $0 >= 0 && ($0 + side <= length || length < side) })
  }

  @Test(arguments: [16, 64, 96, 256])
  func `weights sum to one under every overlap that is accepted`(side: Int) {
    let widest = BlendAxis.widestOverlap(side: side)
    let overlaps = [0, 1, side / 4, side / 2, side * 3 / 4, side * 6 / 7, side * 7 / 8, widest]
    for overlap in overlaps where (0...widest).contains(overlap) {
      for length in [1, side / 2, side - 1, side, side + 1, 2 * side - 1, 5 * side + 7] {
        let axis = BlendAxis(length: length, side: side, overlap: overlap)
        for cell in stride(from: 0, to: length, by: length > 64 ? 3 : 1) {
          // Every window, not only those that the axis itself takes for near.
          let weights = axis.starts.indices.filter {
            axis.starts[$0] <= cell && cell < axis.starts[$0] + side
          }.map { Double(axis.weight($0, at: Double(cell) + 0.5)) }
          let sum = weights.reduce(0, +)
          #expect(abs(sum - 1) < 1e-5, "\(length) px, overlap \(overlap), place \(cell): \(sum)")
          #expect(axis.windows(over: cell..<(cell + 1)).count == weights.count)
        }
      }
    }
  }

  @Test(arguments: [0, 1, 32, 55, 60, 62, 63], [(40, 30), (65, 64), (150, 90)])
  func `an identity stays one under any overlap`(overlap: Int, size: (Int, Int)) throws {
    let graph = TestNetworks.identity()
    let manifest = TestNetworks.manifest(graph, range: 0...1, trainedSize: 64)
    for format in [SampleFormat.uint8, .uint16] {
      let pair = try TestNetworks.pair(graph, manifest: manifest) {
        $0.blend = .cosine
        $0.overlap = overlap
      }
      let source = TestNetworks.picture(width: size.0, height: size.1, format: format)
      let sink = try TestNetworks.translate(source, try TestNetworks.settings(pair, depth: nil))
      var tile = Tile(region: source.info.region, channels: 3, format: format)
      try source.read(into: &tile)
      let expected = tile.withUnsafeBytes {
        Array(UnsafeRawBufferPointer(start: $0, count: sink.bytes.count))
      }
      let isSame = sink.bytes == expected
      #expect(isSame)
    }
  }

  @Test func `an overlap that would run thousands of windows a pixel is refused`() throws {
    let error = #expect(throws: PairError.self) {
      try TestNetworks.pair(TestNetworks.identity()) {
        $0.blend = .cosine
        $0.overlap = 253
      }
    }
    #expect(error?.message == "--overlap 253: windows have 256 px; use 0 to 252")
  }

  @Test(arguments: [NetworkSettings.Blend.none, .cosine])
  func `a network that does not keep the size fails one image`(blend: NetworkSettings.Blend) throws
  {
    var net = GraphBuilder(name: "valid")
    let x = net.input("input", shape: [1, 3, nil, nil])
    let y = net.convolution(x, weight: net.constant(TestNetworks.weights([3, 3, 3, 3], seed: 1)))
    let pair = try TestNetworks.pair(net.finish([y])) { $0.blend = blend }
    let error = #expect(throws: PairError.self) {
      try TestNetworks.translate(
        TestNetworks.picture(width: 300, height: 280), try TestNetworks.settings(pair))
    }
    #expect(error?.message.contains("were expected") == true, "\(String(describing: error))")
  }

  @Test func `cross-faded windows do not depend on the engine's windows`() throws {
    let graph = TestNetworks.unet(downs: 5)
    let manifest = TestNetworks.manifest(graph, trainedSize: 64)
    let findings = try Verification(WorkerPool(count: 2)).run(
      [.init(tile: 100), .init(tile: 160, origin: 33), .init(tile: 400, threads: 1)],
      settings: { pool in
        let pair = try TestNetworks.pair(graph, manifest: manifest, threads: pool.count)
        #expect(pair.warnings.contains { $0.contains("cross-faded") })
        return try TestNetworks.settings(pair)
      }, open: { TestNetworks.picture(width: 333, height: 270) })
    #expect(findings.map(\.maximumFloatDifference) == [0, 0, 0])
  }

  @Test(arguments: [(40, 30), (64, 64), (200, 90)])
  func `an identity stays one, however small the image`(width: Int, height: Int) throws {
    let graph = TestNetworks.identity()
    let manifest = TestNetworks.manifest(graph, trainedSize: 64)
    let pair = try TestNetworks.pair(graph, manifest: manifest) { $0.blend = .cosine }
    let source = TestNetworks.picture(width: width, height: height)
    let sink = try TestNetworks.translate(source, try TestNetworks.settings(pair, depth: nil))
    var tile = Tile(region: source.info.region, channels: 3, format: .uint8)
    try source.read(into: &tile)
    let expected = tile.withUnsafeBytes {
      Array(UnsafeRawBufferPointer(start: $0, count: sink.bytes.count))
    }
    let isSame = sink.bytes == expected
    #expect(isSame)
  }

  @Test func `an overlap as wide as the window is refused`() throws {
    #expect(throws: PairError.self) {
      try TestNetworks.pair(TestNetworks.identity()) {
        $0.blend = .cosine
        $0.overlap = 256
      }
    }
  }
}

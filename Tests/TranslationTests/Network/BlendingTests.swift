import ModelGraph
import TesseraPlugin
import TestSupport
import Testing
import TileIO

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

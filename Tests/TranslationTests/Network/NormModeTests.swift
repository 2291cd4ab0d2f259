import Base
import Foundation
import ModelGraph
import TesseraPlugin
import TestSupport
import Testing

@testable import Translation

@Suite(.enabled(if: TestNetworks.engine != nil, "OpenVINO is missing: run make setup"))
struct NormModeTests {
  @Test func `local statistics give the same bits for any windows`() throws {
    let findings = try Verification(WorkerPool(count: 2)).run(
      [.init(tile: 100, origin: 36), .init(tile: 160, threads: 1), .init(tile: 256)],
      settings: { pool in
        try TestNetworks.settings(
          try TestNetworks.pair(TestNetworks.resnet(), threads: pool.count) { $0.norm = .local })
      }, open: { TestNetworks.picture(width: 700, height: 530) })
    #expect(findings.map(\.maximumFloatDifference) == [0, 0, 0, 0])
  }

  @Test func `local statistics are continuous across every line of the lattice`() throws {
    // One norm on a picture whose contrast changes from left to right: the output is the
    // normalized picture, so a step of the field would be a step of a smooth output.
    var net = GraphBuilder(name: "norm")
    let x = net.input("input", shape: [1, 1, nil, nil])
    let y = net.instanceNorm(x, channels: 1)
    let graph = net.finish([y])
    let pair = try TestNetworks.pair(graph) { $0.norm = .local }
    let width = 900
    let source = MemorySource(width: width, height: 400, channels: 1) { x, y, _ in
      128 + Int(Double(x) / 900 * 100 * sin(Double(y) / 7))
    }
    let values = TestNetworks.floats(
      try TestNetworks.translate(source, try TestNetworks.settings(pair)))
    // The steps between neighbors of a row, where the input does not change.
    let row = 3
    var steps: [Float] = []
    for x in 1..<width where source.value(x, row, 0) == source.value(x - 1, row, 0) {
      steps.append(abs(values[row * width + x] - values[row * width + x - 1]))
    }
    let ordinary = steps.sorted()[steps.count * 9 / 10]
    #expect(steps.allSatisfy { $0 <= 8 * max(ordinary, 1e-4) })
  }

  @Test func `local statistics fit networks that pad once, at their beginning`() throws {
    var net = GraphBuilder(name: "padded")
    let x = net.input("input", shape: [1, 1, nil, nil])
    let weight = net.constant(TestNetworks.weights([1, 1, 9, 9], seed: 5))
    let wide = net.instanceNorm(net.pad(x, 8, .reflect), channels: 1)
    let narrow = net.convolution(net.convolution(wide, weight: weight), weight: weight)
    let graph = net.finish([narrow])
    let outputs = try [nil, 200].map { tile in
      var settings = try TestNetworks.settings(try TestNetworks.pair(graph) { $0.norm = .local })
      settings.tile = tile
      return try TestNetworks.translate(
        TestNetworks.picture(width: 500, height: 400, channels: 1), settings
      ).bytes
    }
    let isSame = outputs[0] == outputs[1]
    #expect(isSame)
  }

  @Test(.tags(.slow), .whenSlow) func `two seeds agree`() throws {
    let graph = TestNetworks.resnet()
    let results = try ["1", "2"].map { seed in
      TestNetworks.floats(
        try TestNetworks.translate(
          TestNetworks.picture(width: 2700, height: 2000),
          try TestNetworks.settings(try TestNetworks.pair(graph), options: ["seed": seed])))
    }
    let squares = zip(results[0], results[1]).reduce(0.0) {
      $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
    }
    #expect(squares > 0)
    #expect(-10 * log10(squares / Double(results[0].count)) > 35)
  }

  @Test func `norm mode tile is what other tools do, and says that tiles show`() throws {
    let pair = try TestNetworks.pair(TestNetworks.resnet()) { $0.norm = .tile }
    #expect(pair.warnings.contains { $0.contains("tiles show") })
    let source = TestNetworks.picture(width: 400, height: 300)
    let outputs = try [64, 128].map { tile in
      var settings = try TestNetworks.settings(pair)
      settings.tile = tile
      return try TestNetworks.translate(source, settings).bytes
    }
    let isSame = outputs[0] == outputs[1]
    #expect(!isSame)
  }

  @Test func `batch norms measure the window in norm mode tile only`() throws {
    var net = GraphBuilder(name: "batch")
    let x = net.input("input", shape: [1, 1, nil, nil])
    let one = net.constant(Constant([1]))
    let zero = net.constant(Constant([0]))
    let y = net.batchNorm(x, scale: one, shift: zero, mean: zero, variance: one, epsilon: 0)
    let graph = net.finish([y])
    let source = TestNetworks.picture(width: 64, height: 64, channels: 1)
    let trained = TestNetworks.floats(
      try TestNetworks.translate(
        source, try TestNetworks.settings(try TestNetworks.pair(graph))))
    #expect(abs(trained[70] - Float(source.value(6, 1, 0)) / 255) < 1e-5)
    let measured = TestNetworks.floats(
      try TestNetworks.translate(
        source, try TestNetworks.settings(try TestNetworks.pair(graph) { $0.norm = .tile })))
    let mean = measured.reduce(0, +) / Float(measured.count)
    #expect(abs(mean - 0.5) < 1e-3)
  }

  @Test func `local statistics need norms to work on`() throws {
    #expect(throws: PairError.self) {
      try TestNetworks.pair(TestNetworks.identity()) { $0.norm = .local }
    }
  }
}

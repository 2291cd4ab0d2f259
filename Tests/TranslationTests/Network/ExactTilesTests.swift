import Base
import Foundation
import Inference
import ModelGraph
import TesseraPlugin
import TestSupport
import Testing

@testable import Translation

@Suite(.enabled(if: TestNetworks.engine != nil, "OpenVINO is missing: run make setup"))
struct ExactTilesTests {
  static let networks = [
    TestNetworks.resnet(), TestNetworks.enlarging(), TestNetworks.halving(),
    TestNetworks.unet(downs: 4, width: 16),
  ]

  @Test(arguments: networks)
  func `windows of any size and origin give the bits of the whole image`(graph: Graph) throws {
    // No multiple of any alignment, so that the far border is mirrored too.
    let channels = graph.inputs[0].shape[1] ?? 3
    let open = { TestNetworks.picture(width: 411, height: 333, channels: channels) }
    let findings = try Verification(WorkerPool(count: 2)).run(
      [
        .init(tile: 64), .init(tile: 100, origin: 36), .init(tile: 160, threads: 1),
        .init(tile: 300, origin: 8),
      ],
      settings: { pool in
        try TestNetworks.settings(
          try TestNetworks.pair(graph, threads: pool.count) { $0.blend = .none })
      }, open: open)
    #expect(findings.count == 5)
    #expect(findings.map(\.maximumFloatDifference) == [0, 0, 0, 0, 0])
    #expect(findings.allSatisfy { $0.differingSamples == 0 })
  }

  @Test func `small tiles give the bits of the whole where convolutions have no padding`() throws {
    try expectSmallTilesExact(.f32)
  }

  @Test(
    .tags(.slow), .whenSlow,
    .enabled(if: TestNetworks.engine?.supportsBF16 == true, "the processor has no bf16"))
  func `small tiles give the bits of the whole in bf16, too`() throws {
    try expectSmallTilesExact(.bf16)
  }

  private func expectSmallTilesExact(_ precision: InferenceOptions.Precision) throws {
    let graph = TestNetworks.unpadded()
    var sizes: [[Int]] = []
    // High and low pictures, too: rows of windows are as long as the picture is wide.
    for (width, height) in [(409, 331), (900, 100), (100, 900)] {
      let findings = try Verification(WorkerPool(count: 2)).run(
        [.init(tile: 16), .init(tile: 48, origin: 20), .init(tile: 96, threads: 1)],
        settings: { pool in
          try TestNetworks.settings(
            try TestNetworks.pair(graph, threads: pool.count) { $0.precision = precision })
        }, open: { TestNetworks.picture(width: width, height: height) })
      #expect(findings.map(\.maximumFloatDifference) == [0, 0, 0, 0])
      let pair = try TestNetworks.pair(graph)
      var settings = try TestNetworks.settings(pair)
      settings.tile = 16
      _ = try TestNetworks.translate(
        TestNetworks.picture(width: width, height: height), settings)
      sizes.append(pair.windowCount.size)
    }
    // The last rows have 51 px there; windows of a lower or narrower picture hold all of it.
    #expect(sizes == [[204, 204], [204, 100], [100, 204]])
  }

  @Test func `a small image gets what one pass of the network itself gives`() throws {
    let graph = TestNetworks.resnet()
    let source = TestNetworks.picture(width: 96, height: 80)
    let pair = try TestNetworks.pair(graph)
    let sink = try TestNetworks.translate(source, try TestNetworks.settings(pair))
    let ours = TestNetworks.floats(sink)
    let model = try #require(TestNetworks.engine).compile(
      onnx: try graph.onnx(), options: .deterministic(inputShapes: [[1, 3, 80, 96]]))
    var input = [Float](repeating: 0, count: 3 * 96 * 80)
    for y in 0..<80 {
      for x in 0..<96 {
        for c in 0..<3 {
          input[(c * 80 + y) * 96 + x] = Float(source.value(x, y, c)) / 127.5 - 1
        }
      }
    }
    let theirs = try model.run([input])[0]
    var largest: Float = 0
    for y in 0..<80 {
      for x in 0..<96 {
        for c in 0..<3 {
          let other = (theirs[(c * 80 + y) * 96 + x] + 1) / 2
          largest = max(largest, abs(ours[(y * 96 + x) * 3 + c] - other))
        }
      }
    }
    #expect(largest < 1e-5)
  }

  @Test func `an image read in one pass gives the same as one with random access`() throws {
    let pair = try TestNetworks.pair(TestNetworks.resnet())
    let settings = try TestNetworks.settings(pair)
    // Wide enough to be measured on sample windows.
    let outputs = try [true, false].map { isRandom in
      try TestNetworks.translate(
        TestNetworks.picture(width: 2700, height: 2000, isRandomAccess: isRandom), settings
      ).bytes
    }
    let isSame = outputs[0] == outputs[1]
    #expect(isSame)
  }

  @Test func `calibration depends on neither windows nor threads`() throws {
    let graph = TestNetworks.resnet()
    let sidecars = try cases([(2, 64), (1, 200)], slow: [(2, 500)]).map { threads, tile in
      let pair = try TestNetworks.pair(graph, threads: threads)
      var settings = try TestNetworks.settings(pair)
      settings.tile = tile
      let result = try TranslationEngine(pool: WorkerPool(count: threads)).translate(
        TestNetworks.picture(width: 2700, height: 2000), settings
      ) { _ in MemorySink() }
      return try #require(result.sidecar)
    }
    let isSame = sidecars.allSatisfy { $0 == sidecars[0] }
    #expect(isSame)
  }

  @Test func `a kept calibration gives the same bytes, and belongs to its model`() throws {
    let graph = TestNetworks.resnet()
    let folder = try TemporaryDirectory()
    let file = folder.url.appending(path: "c.safetensors")
    let first = try TestNetworks.pair(graph)
    let sink = MemorySink()
    let source = TestNetworks.picture(width: 300, height: 200)
    let result = try TranslationEngine(pool: WorkerPool(count: 2)).translate(
      source, try TestNetworks.settings(first)
    ) { _ in sink }
    try Data(try #require(result.sidecar)).write(to: file)
    let hash = first.package.manifest.model.sha256
    let calibration = try NetworkCalibration(contentsOf: file.path, model: hash)
    let second = try TestNetworks.pair(graph) { $0.calibration = calibration }
    let again = try TestNetworks.translate(source, try TestNetworks.settings(second))
    let isSame = again.bytes == sink.bytes
    #expect(isSame)
    let error = #expect(throws: TesseraError.self) {
      try NetworkCalibration(contentsOf: file.path, model: "another")
    }
    #expect(error?.description.contains("another model") == true)
  }

  @Test func `blank windows give what they would have given`() throws {
    // Glass in three quarters of the image: most windows are of one color.
    let pair = try TestNetworks.pair(TestNetworks.resnet()) { $0.tile = 64 }
    let source = MemorySource(width: 700, height: 500) { x, y, c in
      x < 200 && y < 150 ? MemorySource.noise(x, y, c) : 240
    }
    var settings = try TestNetworks.settings(pair)
    settings.tile = 64
    let tiled = try TestNetworks.translate(source, settings).bytes
    #expect(pair.windowCount.skippedBlank > 20)
    settings.tile = 700
    let whole = try TestNetworks.translate(source, settings).bytes
    // As one value: a difference of long arrays takes minutes to describe.
    let isSame = whole == tiled
    #expect(isSame)
  }

  @Test(arguments: [SampleFormat.uint16, .float32])
  func `deep samples do not pass through 8 bits`(format: SampleFormat) throws {
    let pair = try TestNetworks.pair(TestNetworks.identity())
    let source = MemorySource(width: 40, height: 30, format: format) { x, y, c in
      MemorySource.noise(x, y, c) * (format == .uint16 ? 257 : 1)
    }
    let sink = try TestNetworks.translate(source, try TestNetworks.settings(pair, depth: nil))
    var tile = Tile(region: source.info.region, channels: 3, format: format)
    try source.read(into: &tile)
    let expected = tile.withUnsafeBytes {
      Array(UnsafeRawBufferPointer(start: $0, count: sink.bytes.count))
    }
    if format == .uint16 {
      let isSame = sink.bytes == expected
      #expect(isSame)
    } else {
      let ours = TestNetworks.floats(sink)
      let theirs = expected.withUnsafeBytes { raw in
        ours.indices.map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
      }
      #expect(zip(ours, theirs).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test func `Hounsfield units go in and come out as they are`() throws {
    let graph = TestNetworks.identity(channels: 1)
    var format = PictureFormat(channels: 1, color: .gray, range: -1...1)
    format.units = .physical
    format.window = [-1000, 2000]
    let pair = try TestNetworks.pair(
      graph, manifest: TestNetworks.manifest(graph, input: format, output: format))
    let source = MemorySource(width: 8, height: 8, channels: 1, format: .uint16) { x, _, _ in
      x * 250
    }
    let sink = try TestNetworks.translate(source, try TestNetworks.settings(pair))
    let values = TestNetworks.floats(sink)
    #expect((0..<8).allSatisfy { abs(values[$0] - Float($0 * 250)) < 1e-3 })
  }

  @Test func `label maps become one channel a class, and unknown labels are refused`() throws {
    let graph = TestNetworks.identity(channels: 3)
    var input = PictureFormat(channels: 3, color: .labels, range: 0...1)
    input.classes = 3
    let output = PictureFormat(channels: 3, color: .rgb, range: 0...1)
    let manifest = TestNetworks.manifest(graph, input: input, output: output)
    let pair = try TestNetworks.pair(graph, manifest: manifest)
    let source = MemorySource(width: 9, height: 4, channels: 1) { x, _, _ in x / 3 }
    let sink = try TestNetworks.translate(source, try TestNetworks.settings(pair, depth: .eight))
    #expect(
      Array(sink.bytes.prefix(27))
        == (0..<9).flatMap { x in
          (0..<3).map { UInt8($0 == x / 3 ? 255 : 0) }
        })
    let wrong = MemorySource(width: 9, height: 4, channels: 1) { x, _, _ in x }
    let error = #expect(throws: PairError.self) {
      try TestNetworks.translate(wrong, try TestNetworks.settings(pair))
    }
    #expect(error?.message.contains("classes 0 to 2") == true)
  }

  @Test func `an image with other channels or of another scale is refused`() throws {
    let graph = TestNetworks.identity()
    let pair = try TestNetworks.pair(graph)
    #expect(throws: TesseraError.self) {
      try TestNetworks.translate(
        MemorySource(width: 8, height: 8, channels: 1), try TestNetworks.settings(pair))
    }
    var manifest = TestNetworks.manifest(graph)
    manifest.micronsPerPixel = 0.5
    let trained = try TestNetworks.pair(graph, manifest: manifest)
    let overview = Overview(
      image: ImageDescription(
        width: 8, height: 8, channels: 3, format: .uint8, micronsPerPixel: 0.25),
      reduction: 1,
      pixels: Tile(
        region: PixelRegion(x: 0, y: 0, width: 8, height: 8), channels: 3, format: .uint8))
    let options = try PairOptions(declared: trained.description.options)
    let error = #expect(throws: PairError.self) {
      try trained.samples(for: overview, options: options)
    }
    #expect(error?.message.contains("0.5 µm/px") == true)
  }
}

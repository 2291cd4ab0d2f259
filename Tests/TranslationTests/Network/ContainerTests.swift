import Foundation
import ModelGraph
import TesseraPlugin
import TestSupport
import Testing
import TileIO

@testable import Translation

/// The same pixels give the same result, whatever file they come in.
@Suite(.enabled(if: TestNetworks.engine != nil, "OpenVINO is missing: run make setup"))
struct ContainerTests {
  /// One norm over 32 channels: large enough to be measured on a sample of a megapixel.
  private static func graph() -> Graph {
    var net = GraphBuilder(name: "norm32")
    var x = net.input("input", shape: [1, 3, nil, nil])
    let first = net.constant(TestNetworks.weights([32, 3, 3, 3], seed: 11))
    x = net.relu(net.instanceNorm(net.convolution(x, weight: first, padding: 1), channels: 32))
    let second = net.constant(TestNetworks.weights([3, 32, 3, 3], seed: 12))
    x = net.tanh(net.convolution(x, weight: second, padding: 1))
    return net.finish([x])
  }

  /// Bright and even above, as sky and glass are; dark and busy below.
  private static func value(_ x: Int, _ y: Int, _ channel: Int) -> Int {
    let noise = MemorySource.noise(x, y, channel)
    return y < 620 ? 215 + 12 * channel + noise / 64 : 30 + 25 * channel + noise / 2
  }

  private static let side = 1024

  @Test(.enabled(if: TestImages.vips != nil, "needs the vips program"))
  func `a photograph comes out the same from every format, at any resolution`() throws {
    let folder = try TemporaryDirectory()
    var bytes = Array("P6\n\(Self.side) \(Self.side)\n255\n".utf8)
    for y in 0..<Self.side {
      for x in 0..<Self.side {
        for channel in 0..<3 { bytes.append(UInt8(Self.value(x, y, channel))) }
      }
    }
    let ppm = folder.path("a.ppm")
    try Data(bytes).write(to: URL(filePath: ppm))
    let settings = try TestNetworks.settings(try TestNetworks.pair(Self.graph()), depth: .eight)
    let expected = try TestNetworks.translate(try ImageFile.open(ppm), settings).bytes
    let files = [
      "a.png", "b.png[strip]", "a.tif", "b.tif[tile,xres=11.811,yres=11.811,resunit=inch]",
      "c.tif[tile,pyramid,compression=lzw,xres=4000,yres=4000,resunit=cm]", "a.webp[lossless]",
    ]
    for file in files {
      try TestImages.runVips(["copy", ppm, folder.path(file)])
      let path = folder.path(String(file.prefix { $0 != "[" }))
      let found = try TestNetworks.translate(try ImageFile.open(path), settings).bytes
      #expect(found == expected, "\(file)")
    }
    // 72 dpi, which PNG files without a resolution were taken to have, and 0.25 µm/px.
    for resolution in ["2.834645669", "4000"] {
      let file = folder.path("r.png")
      try TestImages.runVips([
        "copy", ppm, file, "--xres", resolution, "--yres", resolution,
      ])
      let found = try TestNetworks.translate(try ImageFile.open(file), settings).bytes
      #expect(found == expected, "\(resolution) px/mm")
    }
  }

  @Test(arguments: [nil, 0.25, 352.8])
  func `norms are measured in tissue where the network is made for slides`(found: Double?) throws {
    var manifest = TestNetworks.manifest(Self.graph())
    let photographs = try TestNetworks.pair(Self.graph(), manifest: manifest)
    manifest.micronsPerPixel = 0.25
    let slides = try TestNetworks.pair(Self.graph(), manifest: manifest)
    func cores(_ pair: NetworkPair, _ choice: String? = nil) throws -> [PixelRegion] {
      // A network for slides refuses one of another scale.
      let stated = pair === slides && found != nil ? 0.25 : found
      let side = Self.side * 2
      var pixels = Tile(
        region: PixelRegion(x: 0, y: 0, width: side, height: side), channels: 3, format: .uint8)
      for y in 0..<side {
        pixels.withMutableRow(y, columns: 0..<side, as: UInt8.self) { row in
          for index in row.indices {
            row[index] = UInt8(Self.value(index / 3, y, index % 3))
          }
        }
      }
      let overview = Overview(
        image: ImageDescription(
          width: side, height: side, channels: 3, format: .uint8, micronsPerPixel: stated),
        reduction: 1, pixels: pixels)
      let options = try PairOptions(
        choice.map { ["statistics": $0] } ?? [:], declared: pair.description.options)
      return try pair.samples(for: overview, options: options)
    }
    let everywhere = try cores(photographs, "image")
    let inTissue = try cores(photographs, "tissue")
    #expect(everywhere != inTissue)
    #expect(inTissue.allSatisfy { $0.y >= 500 } && everywhere.contains { $0.y < 300 })
    #expect(try cores(photographs) == everywhere)
    #expect(try cores(slides) == inTissue)
    #expect(try cores(slides, "image") == everywhere)
    // A slide that is sampled all over says so, unless that was asked for.
    func remark(_ pair: NetworkPair, _ choice: String? = nil) throws -> String? {
      pair.remark(
        on: ImageDescription(
          width: 2048, height: 2048, channels: 3, format: .uint8, micronsPerPixel: found),
        options: try PairOptions(
          choice.map { ["statistics": $0] } ?? [:], declared: pair.description.options))
    }
    #expect(try (remark(photographs) == nil) == (found == nil))
    #expect(try remark(photographs, "image") == nil && remark(slides) == nil)
  }
}

import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import TileIO

/// Levels mean what the profile of the file says, whatever reads them.
@Suite(.enabled(if: TestImages.vips != nil, "needs the vips program"))
struct ColorProfileTests {
  let folder: TemporaryDirectory
  let plain: String

  init() throws {
    folder = try TemporaryDirectory()
    plain = try TestImages.writePPM(folder.path("plain.ppm"), width: 300, height: 280)
  }

  private func samples(_ source: any ImageSource) throws -> [Double] {
    let info = source.info
    var tile = Tile(region: info.region, channels: info.channels, format: info.sampleFormat)
    try source.read(into: &tile)
    return tile.region.rows.flatMap { y in
      switch info.sampleFormat {
      case .uint8:
        tile.withRow(y, columns: tile.region.columns, as: UInt8.self) { span in
          span.indices.map { Double(span[$0]) }
        }
      case .uint16:
        tile.withRow(y, columns: tile.region.columns, as: UInt16.self) { span in
          span.indices.map { Double(span[$0]) / 257 }
        }
      case .float32:
        tile.withRow(y, columns: tile.region.columns, as: Float.self) { span in
          span.indices.map { Double(span[$0]) * 255 }
        }
      }
    }
  }

  /// The picture with its colors as Display P3 has them, by libvips.
  private func wide(_ name: String, _ arguments: [String] = []) throws -> String {
    let path = folder.path(name)
    try TestImages.runVips(
      ["icc_transform", plain, path, "p3", "--input-profile", "srgb"] + arguments)
    return path
  }

  @Test(arguments: [
    ("a.png", [String]()), ("b.png", ["--depth", "16"]), ("c.tif[tile]", []),
    ("d.tif[tile,compression=jpeg,Q=100]", []),
  ])
  func `a picture in Display P3 is that of sRGB`(name: String, arguments: [String]) throws {
    let path = try wide(name, arguments).prefix { $0 != "[" }
    let source = try ImageFile.open(String(path))
    let (found, expected) = (try samples(source), try samples(try ImageFile.open(plain)))
    let differences = zip(found, expected).map { abs($0 - $1) }
    let mean = differences.reduce(0, +) / Double(differences.count)
    #expect(mean < (name.contains("jpeg") ? 3 : 0.7), "\(mean)")
    #expect(source.info.storedProfile?.name.isEmpty == false)
    // What is written says so: libvips finds no difference between that profile and sRGB.
    let profile = try #require(source.info.iccProfile)
    #expect(try #require(ColorProfile(profile, colors: 3)).isSRGB(colors: 3))
    #expect(profile == ColorProfile.sRGB(colors: 3))
    // Overviews are of the same colors.
    guard source.info.sampleFormat == .uint8 else { return }
    let overview = try source.overview(reduction: 4)
    let reference = try ImageFile.open(plain).overview(reduction: 4)
    let (a, b) = (
      overview.withRow(9, columns: 20..<21, as: UInt8.self) { [Int($0[0]), Int($0[1])] },
      reference.withRow(9, columns: 20..<21, as: UInt8.self) { [Int($0[0]), Int($0[1])] }
    )
    #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 3 }, "\(a) and \(b)")
  }

  @Test func `the profile of sRGB changes nothing and stays`() throws {
    let path = folder.path("srgb.png")
    try TestImages.runVips(
      ["icc_transform", plain, path, "srgb", "--input-profile", "srgb"])
    let source = try ImageFile.open(path)
    #expect(source.info.storedProfile == nil && source.info.iccProfile != nil)
    let (found, expected) = (
      try samples(source), try TestImages.samples(path, in: folder).map(Double.init)
    )
    #expect(found == expected)
  }

  @Test func `alpha is not touched`() throws {
    let (opaque, path) = (try wide("opaque.png"), folder.path("alpha.png"))
    let alpha = folder.path("alpha.v")
    try TestImages.runVips(["extract_band", plain, alpha, "1"])
    try TestImages.runVips(["bandjoin", "\(opaque) \(alpha)", path])
    let source = try ImageFile.open(path)
    try #require(source.info.hasAlpha && source.info.storedProfile != nil)
    let (found, expected) = (try samples(source), try samples(try ImageFile.open(plain)))
    for index in stride(from: 0, to: expected.count / 3, by: 7) {
      #expect(found[4 * index + 3] == expected[3 * index + 1])
      #expect(abs(found[4 * index] - expected[3 * index]) <= 3)
    }
  }

  @Test func `a profile that is damaged, or of other colors, is passed over`() throws {
    let path = try wide("p3.png")
    let stored = try profile(path)
    for bytes in [Array(stored.prefix(100)), [1, 2, 3], [], [UInt8](repeating: 7, count: 4096)] {
      #expect(ColorProfile(bytes, colors: 3) == nil)
    }
    #expect(ColorProfile(stored, colors: 1) == nil)
  }

  /// The profile of a file, by libvips.
  private func profile(_ path: String) throws -> [UInt8] {
    let tiff = folder.path("profile.tif")
    try TestImages.runVips(["copy", path, tiff])
    return try #require(TIFFDirectory.iccProfile(in: tiff))
  }
}

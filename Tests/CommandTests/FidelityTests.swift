import Foundation
import TestSupport
import Testing
import TileIO

/// What goes in comes out: size, orientation, resolution, depth, alpha, color profile.
@Suite(.enabled(if: TestImages.vips != nil, "needs the vips program"))
struct FidelityTests {
  let folder: TemporaryDirectory
  let input: String

  init() throws {
    folder = try TemporaryDirectory()
    input = try StainedImage.write(folder.path("in.png"))
  }

  private func translate(_ input: String, _ output: String, _ extra: [String] = []) throws {
    let result = try TesseraProgram.run(
      ["translate", input, "--output", output, "--pair", "stain-normalization", "--overwrite"]
        + extra)
    #expect(result.status == 0, "\(result.errors)")
    #expect(!result.output.contains("copied"), "\(result.output)")
  }

  private func samples<S>(_ path: String, as: S.Type) throws -> [S] {
    let bytes = try TestImages.read(ImageFile.open(path))
    return bytes.withUnsafeBytes { Array($0.bindMemory(to: S.self)) }
  }

  @Test func `16 bits and float give the colors of 8 bits, at their own depth`() throws {
    try translate(input, folder.path("8.tif"), ["--compression", "deflate"])
    let eight = try samples(folder.path("8.tif"), as: UInt8.self)

    try TestImages.runVips(["linear", input, folder.path("16f.v"), "257", "0"])
    try TestImages.runVips(["cast", folder.path("16f.v"), folder.path("16.v"), "ushort"])
    try TestImages.runVips([
      "copy", folder.path("16.v"), folder.path("16.png"), "--interpretation", "rgb16",
    ])
    for name in ["16.png", "16.tif"] {
      try translate(folder.path("16.png"), folder.path("out-\(name)"))
      #expect(try ImageFile.open(folder.path("out-\(name)")).info.sampleFormat == .uint16)
      let sixteen = try samples(folder.path("out-\(name)"), as: UInt16.self)
      let worst = zip(eight, sixteen).map { abs(Int($0) * 257 - Int($1)) }.max() ?? .max
      #expect(sixteen.count == eight.count && worst <= 140)
    }

    try TestImages.runVips(["linear", input, folder.path("float.tif"), "0.00392156862745098", "0"])
    try translate(folder.path("float.tif"), folder.path("out-float.tif"))
    #expect(try ImageFile.open(folder.path("out-float.tif")).info.sampleFormat == .float32)
    let float = try samples(folder.path("out-float.tif"), as: Float.self)
    let worst = zip(eight, float).map { abs(Float($0) / 255 - $1) }.max() ?? .infinity
    #expect(float.count == eight.count && worst <= 0.55 / 255)
  }

  @Test func `alpha comes out as it went in`() throws {
    try TestImages.runVips(["bandjoin_const", input, folder.path("alpha.png"), "77"])
    try translate(folder.path("alpha.png"), folder.path("out.png"))
    let info = try ImageFile.open(folder.path("out.png")).info
    #expect(info.hasAlpha && info.channels == 4)
    let output = try samples(folder.path("out.png"), as: UInt8.self)
    #expect(stride(from: 3, to: output.count, by: 4).allSatisfy { output[$0] == 77 })
    try translate(input, folder.path("opaque.png"))
    let opaque = try samples(folder.path("opaque.png"), as: UInt8.self)
    for pixel in 0..<opaque.count / 3 where output[4 * pixel + 1] != opaque[3 * pixel + 1] {
      Issue.record("pixel \(pixel)")
      break
    }
  }

  @Test(arguments: cases([0, 6], slow: [1, 2, 3, 4, 5, 7, 8]))
  func `orientation is applied once`(orientation: Int) throws {
    let file = folder.path("turned.tif")
    try TestImages.runVips(["copy", input, "\(file)[tile,compression=lzw]"])
    let tiffset = try #require(ExternalTool("tiffset"))
    if orientation > 0 {
      #expect(try tiffset.run(["-s", "274", "\(orientation)", file]).status == 0)
    }
    try TestImages.runVips(["autorot", file, folder.path("upright.png")])
    try translate(file, folder.path("out.tif"), ["--compression", "deflate"])
    try translate(folder.path("upright.png"), folder.path("expected.tif"))
    #expect(try ImageFile.open(folder.path("out.tif")).info.orientation == 1)
    #expect(
      try samples(folder.path("out.tif"), as: UInt8.self)
        == samples(folder.path("expected.tif"), as: UInt8.self))
  }

  @Test func `resolution and color profile come through every profile and PNG`() throws {
    let file = folder.path("tagged.tif")
    try TestImages.runVips([
      "icc_transform", input, folder.path("p3.v"), "p3", "--input-profile", "srgb",
    ])
    try TestImages.runVips([
      "copy", folder.path("p3.v"), "\(file)[tile,compression=lzw,xres=2004,yres=2004,resunit=cm]",
    ])
    let before = try ImageFile.open(file).info
    let profile = try #require(before.iccProfile)
    for (name, extra) in [
      ("g.tif", []), ("a.tif", ["--profile", "aperio", "--compression", "jpeg"]),
      ("o.ome.tif", ["--profile", "ome"]), ("p.png", []),
    ] {
      try translate(file, folder.path(name), extra)
      let info = try ImageFile.open(folder.path(name)).info
      #expect(abs((info.micronsPerPixel?.x ?? 0) - 0.499) < 1e-3, "\(name)")
      #expect(info.iccProfile == profile, "\(name)")
      #expect(info.width == 400 && info.height == 300)
    }
  }

  @Test(
    .tags(.slow), .whenSlow, .enabled(if: SharedData.isPresent, "needs the shared test data"),
    .enabled(if: SlideReaders.installed != nil, "needs a JDK and make oracles"))
  func `the result of a slide looks the same in every reader`() throws {
    let path = folder.path("slide.tif")
    try translate(SharedData.path("slides/CMU-1-Small-Region.svs"), path)
    let shown = try #require(try SlideReaders.installed?.look(at: [path])["slide.tif"])
    #expect(shown.count == 5)
    for (reader, view) in shown {
      #expect(view.error == nil, "\(reader): \(view.error ?? "")")
      let levels = [[2220, 2967], [1110, 1483], [555, 741], [277, 370], [138, 185]]
      #expect(view.levels == levels, "\(reader)")
      #expect(abs((view.mpp ?? 0) - 0.499) < 1e-4 && view.power == 20, "\(reader)")
      let worst = view.differences?.max() ?? 0
      #expect(worst <= 2, "\(reader)")
    }
  }

  @Test func `the background is kept byte for byte`() throws {
    try translate(input, folder.path("kept.tif"), ["--keep-background"])
    try translate(input, folder.path("all.tif"))
    let source = try samples(input, as: UInt8.self)
    let kept = try samples(folder.path("kept.tif"), as: UInt8.self)
    let all = try samples(folder.path("all.tif"), as: UInt8.self)
    // Every sample is either the input's or the translation's, glass is the input's.
    #expect(source.indices.allSatisfy { kept[$0] == source[$0] || kept[$0] == all[$0] })
    let glass = source.indices.filter { source[$0] == 244 && source[$0 - $0 % 3] == 244 }
    #expect(glass.count { kept[$0] == source[$0] } * 10 > glass.count * 9)
    #expect(kept != source)
  }

  @Test func `only the first of several pages is translated, and the line says so`() throws {
    let file = folder.path("pages.tif")
    try TestImages.runVips([
      "arrayjoin", "\(input) \(input)", folder.path("tall.v"), "--across", "1",
    ])
    try TestImages.runVips(["copy", folder.path("tall.v"), "\(file)[page-height=300]"])
    let result = try TesseraProgram.run([
      "translate", file, "--output", folder.path("out.tif"), "--pair", "stain-normalization",
    ])
    #expect(result.output.contains("only the first of 2 pages"), "\(result.output)")
  }

  @Test func `what could identify a patient stays behind`() throws {
    let file = folder.path("named.tif")
    try TestImages.runVips(["copy", input, "\(file)[tile]"])
    let tiffset = try #require(ExternalTool("tiffset"))
    #expect(try tiffset.run(["-s", "270", "patient Jane Doe", file]).status == 0)
    #expect(try tiffset.run(["-s", "315", "Doctor Who", file]).status == 0)
    for name in ["o.tif", "o.png", "o.jpg", "o.ome.tif"] {
      try translate(file, folder.path(name))
      let data = try Data(contentsOf: folder.url.appending(path: name))
      for word in ["Jane", "Doctor", folder.url.lastPathComponent] {
        #expect(data.range(of: Data(word.utf8)) == nil, "\(name) holds \(word)")
      }
    }
  }
}

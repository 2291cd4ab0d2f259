import Foundation
import TestSupport
import Testing
import TileIO

/// Every kind of pyramid in every program that opens slides.
@Suite struct ReaderMatrixTests {
  /// A file to write, and what a reader has to show of it.
  private struct Case {
    let name: String
    let image: TestImage
    let options: OutputOptions
    let layout: OutputOptions.Profile

    var levels: [[Int]] { [[700, 517], [350, 258], [175, 129]] }

    /// What is wrong with what a reader shows; empty for nothing.
    func faults(in shown: SlideReaders.Shown?, of reader: String) -> [String] {
      guard let shown else { return ["no answer"] }
      if reader == "OpenSlide", image.info.sampleFormat == .float32 {
        return shown.error == nil ? ["OpenSlide opens floats now"] : []
      }
      if let error = shown.error { return [error] }
      var faults: [String] = []
      // Bio-Formats does not take pages alone for levels.
      let isFlat = reader == "Bio-Formats" && layout == .generic
      let levels = isFlat ? Array(levels.prefix(1)) : levels
      if shown.levels != levels { faults.append("levels \(shown.levels ?? [])") }
      if abs((shown.mpp ?? 0) - 0.499) > 1e-4 { faults.append("\(shown.mpp ?? 0) µm/px") }
      let power = shown.power ?? (knowsPower(reader) ? 0 : 20)
      if abs(power - 20) > 0.1 { faults.append("power \(power)") }
      if let worst = shown.differences?.max(), worst > limit(reader) {
        faults.append("\(worst) levels apart")
      }
      return faults
    }

    private func knowsPower(_ reader: String) -> Bool {
      switch layout {
      case .aperio: true
      case .ome: reader != "OpenSlide"
      case .generic: false
      }
    }

    /// Decoders of JPEG may round differently, and only those are compared; OpenSlide rounds 16 bits to 8.
    private func limit(_ reader: String) -> Double {
      if options.compression == .jpeg { return reader == "tifffile" ? 255 : 2 }
      return reader == "OpenSlide" && image.info.sampleFormat == .uint16 ? 1 : 0
    }
  }

  private static let kinds: [(String, TestImage)] = [
    ("rgb8", TestImage(700, 517)), ("grey8", TestImage(700, 517, channels: 1)),
    ("rgba8", TestImage(700, 517, channels: 4, hasAlpha: true)),
    ("rgb16", TestImage(700, 517, format: .uint16)),
    ("grey16", TestImage(700, 517, channels: 1, format: .uint16)),
    ("rgbFloat", TestImage(700, 517, format: .float32)),
    ("greyFloat", TestImage(700, 517, channels: 1, format: .float32)),
  ]

  /// All that can be written; the layout is the one asked for, or what the image gets without.
  private static func cases(in folder: TemporaryDirectory) -> [Case] {
    var all: [Case] = []
    for (kind, plain) in kinds {
      var image = plain
      image.info.micronsPerPixel = (0.499, 0.499)
      image.info.objectivePower = 20
      let usual = kind == "rgb8" ? OutputOptions.Profile.aperio : .ome
      for profile in OutputOptions.Profile.allCases.map(Optional.some) + [nil] {
        for compression in OutputOptions.Compression.allCases {
          for quality in compression == .jpeg ? [80, 90, 100] : [90] {
            let options = OutputOptions(
              profile: profile, compression: compression, quality: quality)
            let name = "\(kind)-\(profile?.rawValue ?? "usual")-\(compression)-\(quality).tif"
            let path = folder.path(name)
            guard ImageOutput.fault(path: path, info: image.info, options: options) == nil else {
              continue
            }
            all.append(
              Case(name: name, image: image, options: options, layout: profile ?? usual))
          }
        }
      }
    }
    return all
  }

  @Test(
    .tags(.slow), .whenSlow,
    .enabled(if: SlideReaders.installed != nil, "needs a JDK and make oracles"))
  func `every reader shows every pyramid`() throws {
    let readers = try #require(SlideReaders.installed)
    let folder = try TemporaryDirectory()
    let cases = Self.cases(in: folder)
    #expect(cases.count > 100)
    for one in cases {
      let path = folder.path(one.name)
      try one.image.write(to: path, one.options)
      try Data(one.image.bytes).write(to: URL(filePath: path + ".raw"))
    }
    let shown = try readers.look(at: cases.map { folder.path($0.name) })
    for one in cases {
      for reader in ["tifffile", "OpenSlide", "large_image", "libvips", "Bio-Formats"] {
        let faults = one.faults(in: shown[one.name]?[reader], of: reader)
        #expect(faults.isEmpty, "\(one.name) in \(reader): \(faults.joined(separator: "; "))")
      }
    }
  }

  @Test(
    .tags(.slow), .whenSlow,
    .enabled(if: SlideReaders.installed != nil, "needs a JDK and make oracles"))
  func `readers show what the samples of a grey pyramid measure`() throws {
    let readers = try #require(SlideReaders.installed)
    let folder = try TemporaryDirectory()
    var image = TestImage(300, 280, channels: 1, format: .float32)
    image.info.micronsPerPixel = (0.5, 0.25)
    image.info.valueNames = ["probability of <tumour>"]
    try image.write(to: folder.path("a.tif"))
    let shown = try #require(try readers.look(at: [folder.path("a.tif")])["a.tif"])
    #expect(shown["Bio-Formats"]?.format == "OME-TIFF")
    #expect(shown["Bio-Formats"]?.names == ["probability of <tumour>"])
    #expect(shown["tifffile"]?.names == ["probability of &lt;tumour&gt;"])
  }

  @Test(arguments: [
    ("a.tif", 0.5, 0.5, "Aperio"), ("a.tif", 0.5, 0.25, "<OME"), ("a.ome.tif", 0.5, 0.5, "<OME"),
    ("a.svs", 0.5, 0.25, "Aperio"),
  ])
  func `without a profile the name decides, then the image`(
    name: String, across: Double, down: Double, beginning: String
  ) throws {
    let folder = try TemporaryDirectory()
    var image = TestImage(300, 200)
    image.info.micronsPerPixel = (across, down)
    try image.write(to: folder.path(name))
    #expect(try holds(beginning, folder.path(name)))
    try image.write(to: folder.path(name), OutputOptions(profile: .generic))
    #expect(try !holds(beginning, folder.path(name)))
  }

  @Test func `an image without a scale, and one of a single tile, are pages alone`() throws {
    let folder = try TemporaryDirectory()
    var small = TestImage(200, 100)
    small.info.micronsPerPixel = (0.5, 0.5)
    for image in [TestImage(300, 200), small] {
      try image.write(to: folder.path("a.tif"))
      #expect(try !holds("Aperio", folder.path("a.tif")))
      #expect(try !holds("<OME", folder.path("a.tif")))
    }
  }

  private func holds(_ text: String, _ path: String) throws -> Bool {
    try Data(contentsOf: URL(filePath: path)).range(of: Data(text.utf8)) != nil
  }
}

import Foundation
import TestSupport
import Testing
import TileIO

/// Colors of JPEG pyramids in the programs that open them.
@Suite struct JPEGColorTests {
  /// Bio-Formats with Java, as Fiji, OMERO and QuPath have it.
  private static let bioFormats: (java: ExternalTool, jar: String)? = {
    guard let python = Oracle.python, let java = ExternalTool("java") else { return nil }
    let jar = URL(filePath: python.path).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "bioformats_package.jar").path
    return FileManager.default.fileExists(atPath: jar) ? (java, jar) : nil
  }()

  /// Pink and violet with detail in its colors, which subsampling and a wrong conversion both show.
  private static func tissue(channels: Int = 3) -> TestImage {
    var image = TestImage(600, 410, channels: channels)
    image.info.micronsPerPixel = (0.5, 0.5)
    image.info.isLossy = true
    return image
  }

  /// Level 0 as Bio-Formats converts it to a plain TIFF, and the same by OpenSlide, tifffile and
  /// libvips: the largest and the mean difference from tifffile, and tifffile's mean from the source.
  private static let script = """
    import sys, numpy, tifffile, openslide, subprocess
    path, plain, raw, channels = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    shape = (410, 600, channels)
    own = tifffile.imread(path, series=0, level=0).reshape(shape).astype(int)
    seen = {'Bio-Formats': tifffile.imread(plain)}
    s = openslide.OpenSlide(path)
    seen['OpenSlide'] = numpy.array(s.read_region((0, 0), 0, s.dimensions))[..., :channels]
    subprocess.run(['vips', 'rawsave', path, plain + '.raw'], check=True)
    # Through OpenSlide there is alpha, too.
    seen['libvips'] = numpy.fromfile(plain + '.raw', 'u1').reshape(410, 600, -1)[..., :channels]
    for name, pixels in seen.items():
        if pixels.ndim == 3 and pixels.shape[0] == channels: pixels = numpy.moveaxis(pixels, 0, -1)
        print(name, abs(pixels.reshape(shape).astype(int) - own).max())
    source = numpy.fromfile(raw, 'u1').reshape(shape)
    print('source', abs(source - own).mean())
    """

  @Test(
    .enabled(if: bioFormats != nil, "needs Java and make oracles"),
    arguments: cases([90], slow: [75, 89, 100]), OutputOptions.Profile.allCases)
  func `a JPEG pyramid has the same colors in every reader`(
    quality: Int, profile: OutputOptions.Profile
  ) throws {
    try expectSameColors(Self.tissue(), quality: quality, profile: profile)
  }

  @Test(
    .enabled(if: bioFormats != nil, "needs Java and make oracles"),
    arguments: cases([95], slow: [80]))
  func `a gray JPEG pyramid has the same levels in every reader`(quality: Int) throws {
    try expectSameColors(Self.tissue(channels: 1), quality: quality, profile: .generic)
  }

  private func expectSameColors(
    _ image: TestImage, quality: Int, profile: OutputOptions.Profile
  ) throws {
    let (java, jar) = try #require(Self.bioFormats)
    let python = try #require(Oracle.python)
    let folder = try TemporaryDirectory()
    let path = folder.path(profile == .ome ? "a.ome.tif" : profile == .aperio ? "a.svs" : "a.tif")
    try image.write(
      to: path, OutputOptions(profile: profile, compression: .jpeg, quality: quality))
    let converted = try java.run([
      "-cp", jar, "loci.formats.tools.ImageConverter", "-series", "0", "-nolookup", path,
      folder.path("plain.tif"),
    ])
    try #require(converted.status == 0, "\(converted.output) \(converted.errors)")
    try Data(image.bytes).write(to: URL(filePath: folder.path("source.raw")))
    let result = try python.run([
      "-c", Self.script, path, folder.path("plain.tif"), folder.path("source.raw"),
      "\(image.info.channels)",
    ])
    try #require(result.status == 0, "\(result.errors)")
    for line in result.output.split(separator: "\n") {
      let words = line.split(separator: " ")
      let difference = try #require(Double(words[1]))
      // Decoders differ by a level or two in how they round and in how they enlarge chroma.
      let limit = words[0] == "source" ? 8.0 : quality >= 90 ? 1 : 6
      #expect(difference <= limit, "\(profile) at \(quality): \(line)")
    }
  }
}

import Foundation
import TestSupport
import Testing
import TileIO

@Suite struct OutputProfileTests {
  static func slide(_ width: Int = 2500, _ height: Int = 1700) -> TestImage {
    var image = TestImage(width, height, isFlat: true)
    image.info.micronsPerPixel = (0.499, 0.499)
    image.info.objectivePower = 20
    image.info.isLossy = true
    return image
  }

  static let profile: [UInt8] = (0..<300).map { UInt8($0 % 251) }

  @Test(.enabled(if: Oracle.openSlide != nil))
  func `OpenSlide shows the levels of a generic pyramid`() throws {
    let openSlide = try #require(Oracle.openSlide)
    let folder = try TemporaryDirectory()
    try Self.slide().write(to: folder.path("a.tif"), OutputOptions(profile: .generic))
    let shown = try openSlide.run([folder.path("a.tif")]).output
    #expect(shown.contains("openslide.vendor: 'generic-tiff'"))
    #expect(shown.contains("openslide.level-count: '5'"))
    #expect(shown.contains("openslide.level[1].width: '1250'"))
    #expect(shown.contains("openslide.level[4].height: '106'"))
  }

  @Test(.enabled(if: Oracle.openSlide != nil))
  func `OpenSlide shows an Aperio slide with size, power and thumbnail`() throws {
    let openSlide = try #require(Oracle.openSlide)
    let folder = try TemporaryDirectory()
    for compression in [OutputOptions.Compression.jpeg, .lzw] {
      try Self.slide().write(
        to: folder.path("a.svs"), OutputOptions(compression: compression))
      let shown = try openSlide.run([folder.path("a.svs")]).output
      #expect(shown.contains("openslide.vendor: 'aperio'"))
      #expect(shown.contains("openslide.level-count: '5'"))
      #expect(shown.contains("openslide.mpp-x: '0.499"))
      #expect(shown.contains("openslide.objective-power: '20'"))
      #expect(shown.contains("aperio.AppMag: '20'"))
    }
  }

  @Test(arguments: [(0.25, "40"), (0.5, "20"), (0.2275, "40"), (0.33, nil)])
  func `a power that is not known follows from the pixel size`(size: Double, power: String?) throws
  {
    let openSlide = try #require(Oracle.openSlide)
    let folder = try TemporaryDirectory()
    var image = TestImage(300, 200)
    image.info.micronsPerPixel = (size, size)
    try image.write(to: folder.path("a.tif"), OutputOptions(profile: .aperio))
    let shown = try openSlide.run([folder.path("a.tif")]).output
    #expect(shown.contains("aperio.MPP: '\(size)'"))
    if let power {
      #expect(shown.contains("aperio.AppMag: '\(power)'"))
    } else {
      #expect(!shown.contains("AppMag"))
    }
  }

  @Test(.enabled(if: Oracle.python != nil))
  func `OpenSlide 4 shows pixel size, power, profile and thumbnail`() throws {
    let python = try #require(Oracle.python)
    let folder = try TemporaryDirectory()
    var image = Self.slide()
    try image.write(to: folder.path("g.tif"), OutputOptions(profile: .generic))
    image.info.objectivePower = nil
    try image.write(to: folder.path("q.tif"), OutputOptions(profile: .generic, quality: 75))
    try image.write(to: folder.path("a.tif"))
    try image.write(to: folder.path("o.ome.tif"))
    let script = """
      import sys, openslide
      for name in ('g.tif', 'a.tif', 'o.ome.tif', 'q.tif'):
          s = openslide.OpenSlide(sys.argv[1] + '/' + name)
          p = s.properties
          print(name, s.level_count, round(float(p['openslide.mpp-x']), 4),
                p.get('openslide.objective-power'),
                [(k, v.size) for k, v in s.associated_images.items()],
                s.read_region((0, 0), 0, (2, 2)).getpixel((0, 0))[:3],
                s.read_region((0, 0), s.level_count - 1, (2, 2)).getpixel((1, 1))[3])
      """
    let result = try python.run(["-c", script, folder.url.path])
    let lines = result.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 4, "\(result.errors)")
    #expect(lines[0].hasPrefix("g.tif 5 0.499 None []"))
    #expect(lines[1].hasPrefix("a.tif 5 0.499 20 [('thumbnail', (156, 106))]"))
    #expect(lines[2].hasPrefix("o.ome.tif 5 0.499 None []"))
    #expect(lines[3].hasPrefix("q.tif 5 0.499 None []"))
    for line in lines { #expect(line.hasSuffix("(242, 242, 242) 255"), "\(line)") }
  }

  @Test(.enabled(if: Oracle.python != nil))
  func `tifffile finds one series with all levels`() throws {
    let python = try #require(Oracle.python)
    let folder = try TemporaryDirectory()
    var image = Self.slide()
    image.info.iccProfile = Self.profile
    try image.write(to: folder.path("g.tif"), OutputOptions(profile: .generic))
    try image.write(to: folder.path("a.svs"))
    try image.write(to: folder.path("o.ome.tiff"))
    let script = """
      import sys, tifffile
      for name in ('g.tif', 'a.svs', 'o.ome.tiff'):
          with tifffile.TiffFile(sys.argv[1] + '/' + name) as t:
              s = t.series[0]
              print(name, len(t.series), len(s.levels), s.levels[-1].shape, s.axes, t.is_svs, t.is_ome,
                    t.is_bigtiff, [len(l.pages[0].iccprofile) for l in s.levels],
                    s.levels[1].asarray().shape, s.levels[0].asarray()[0, 0].tolist())
              if name[0] == 'a':
                  print('thumbnail', t.series[1].name, t.series[1].asarray().shape, t.series[1].asarray()[0, 0].tolist())
              if name[0] == 'o':
                  print(t.ome_metadata)
      """
    let result = try python.run(["-c", script, folder.url.path])
    let output = result.output
    #expect(result.status == 0, "\(result.errors)")
    let common = "[300, 300, 300, 300, 300] (850, 1250, 3) [242, 242, 242]"
    #expect(output.contains("g.tif 1 5 (106, 156, 3) YXS False False True \(common)"), "\(output)")
    #expect(output.contains("a.svs 2 5 (106, 156, 3) YXS True False True \(common)"), "\(output)")
    #expect(output.contains("o.ome.tiff 1 5 (106, 156, 3) YXS False True True \(common)"))
    #expect(output.contains("thumbnail Thumbnail (106, 156, 3) [242, 242, 242]"))
    #expect(output.contains("PhysicalSizeX=\"0.499\" PhysicalSizeXUnit=\"µm\""))
    #expect(output.contains("NominalMagnification=\"20\""))
    #expect(result.errors.isEmpty, "\(result.errors)")
  }

  @Test(
    .enabled(if: Oracle.python != nil),
    arguments: [
      TestImage(600, 513, channels: 1, format: .uint16), TestImage(600, 513, format: .float32),
      TestImage(600, 513, channels: 4, hasAlpha: true), TestImage(600, 513, channels: 5),
    ])
  func `tifffile reads every kind of sample from an OME-TIFF`(image: TestImage) throws {
    let python = try #require(Oracle.python)
    let folder = try TemporaryDirectory()
    try Data(image.bytes).write(to: URL(filePath: folder.path("raw")))
    let script = """
      import sys, tifffile
      for c in ('lzw', 'deflate', 'zstd', 'none'):
          with tifffile.TiffFile(f'{sys.argv[1]}/{c}.ome.tif') as t:
              print(c, t.series[0].asarray().tobytes() == open(sys.argv[1] + '/raw', 'rb').read(),
                    len(t.series), len(t.series[0].levels), t.is_ome)
      """
    for compression in [OutputOptions.Compression.lzw, .deflate, .zstd, .none] {
      try image.write(
        to: folder.path("\(compression).ome.tif"), OutputOptions(compression: compression))
    }
    let result = try python.run(["-c", script, folder.url.path])
    for compression in ["lzw", "deflate", "zstd", "none"] {
      #expect(
        result.output.contains("\(compression) True 1 3 True"), "\(result.output) \(result.errors)")
    }
  }

  @Test func `every page carries resolution and orientation, and nothing of the input`() throws {
    let tiffinfo = try #require(ExternalTool("tiffinfo"))
    let folder = try TemporaryDirectory()
    var image = Self.slide()
    image.info.micronsPerPixel = (0.5, 0.25)
    image.info.format = "secret name"
    for profile in OutputOptions.Profile.allCases {
      try image.write(to: folder.path("a.tif"), OutputOptions(profile: profile))
      let shown = try tiffinfo.run([folder.path("a.tif")])
      #expect(shown.output.contains("Resolution: 20000, 40000 pixels/cm"))
      #expect(shown.output.contains("Software: Tessera \(TesseraVersion.current)"))
      #expect(shown.output.contains("Orientation: row 0 top, col 0 lhs"))
      #expect(!shown.output.contains("DateTime"))
      #expect(shown.errors.isEmpty, "\(shown.errors)")
      #expect(shown.output.contains("Resolution: 10000, 20000 pixels/cm"))
      // An OME-TIFF has its levels twice: some versions of tiffinfo list the SubIFDs, too.
      let reduced = shown.output.components(separatedBy: "reduced-resolution").count - 1
      #expect(profile == .aperio ? reduced == 0 : reduced >= 4)
      #expect(try !Data(contentsOf: URL(filePath: folder.path("a.tif"))).contains(secret: "secret"))
    }
  }
}

extension Data {
  fileprivate func contains(secret: String) -> Bool { range(of: Data(secret.utf8)) != nil }

  @Test(
    .enabled(if: Oracle.python != nil, "TESSERA_ORACLE_PYTHON is not set"),
    arguments: [
      ("tif", OutputOptions.Profile.generic), ("tif", .aperio), ("tif", .ome), ("png", .generic),
      ("jpg", .generic),
    ])
  func `a note stays with the file, where Pillow and tifffile find it`(
    ending: String, profile: OutputOptions.Profile
  ) throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("noted.\(ending)")
    var image = TestImage(300, 200)
    image.info.note = "MADE UP, not <real> & so on."
    try image.write(to: path, OutputOptions(profile: profile), rows: 64)
    let result = try #require(Oracle.python).run([
      "-c",
      """
      import sys, html
      path = sys.argv[1]
      if path.endswith('tif'):
        import tifffile
        text = tifffile.TiffFile(path).pages[0].description
      else:
        from PIL import Image
        image = Image.open(path)
        text = str(image.info.get('Description')) + str(image.getexif().get(0x010E))
      print('MADE UP, not <real> & so on.' in html.unescape(text))
      """, path,
    ])
    #expect(result.output.contains("True"), "\(result.output)\(result.errors)")
  }
}

import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import TileIO

@Suite(.enabled(if: TestImages.vips != nil, "needs the vips program"))
struct LabelTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func labels(_ path: String) throws -> any ImageSource {
    try ImageFile.open(path, as: .labels(palette: nil))
  }

  @Test(arguments: [1, 2, 4, 8], [true, false])
  func `a palette is read as its indices`(bitDepth: Int, isInterlaced: Bool) throws {
    let path = folder.path("a.png")
    for (width, height) in [(1, 1), (3, 2), (7, 9), (64, 70), (301, 233)] {
      let png = TestPNG(
        width: width, height: height, bitDepth: bitDepth, isInterlaced: isInterlaced)
      try png.write(path)
      for rows in [1, 7, 1000] {
        let source = try labels(path)
        let info = source.info
        #expect(info.width == width && info.height == height && info.channels == 1)
        #expect(info.sampleFormat == .uint8 && info.color == .gray && !info.hasAlpha)
        #expect(!info.isRandomAccess && !info.isLossy && info.storedAs == "palette")
        #expect(try TestImages.read(source, rows: rows) == png.values)
      }
      // Without being asked for labels, the same file is a picture.
      #expect(try ImageFile.open(path).info.channels == 3)
    }
  }

  @Test(arguments: [1, 2, 4], [true, false])
  func `gray of few bits is read as it is stored, not spread to white`(
    bitDepth: Int, isInterlaced: Bool
  ) throws {
    let png = TestPNG(
      width: 45, height: 31, bitDepth: bitDepth, isPalette: false, isInterlaced: isInterlaced)
    try png.write(folder.path("a.png"))
    let source = try labels(folder.path("a.png"))
    #expect(source.info.storedAs == "\(bitDepth)-bit grey")
    #expect(try TestImages.read(source) == png.values)
  }

  @Test(arguments: ["png", "tif", "tif[tile,compression=deflate]", "pgm"], ["uchar", "ushort"])
  func `gray of 8 and 16 bits is read as always`(name: String, format: String) throws {
    let base = folder.path("base.png")
    try TestPNG(width: 300, height: 200, isPalette: false).write(base)
    try TestImages.runVips(["cast", base, folder.path("cast.v"), format])
    try TestImages.runVips(
      ["copy", folder.path("cast.v"), folder.path("a.\(name)"), "--interpretation"]
        + [format == "uchar" ? "b-w" : "grey16"])
    let path = folder.path("a.\(name.prefix { $0 != "[" })")
    let source = try labels(path)
    #expect(source.info.sampleFormat == (format == "uchar" ? .uint8 : .uint16))
    #expect(try TestImages.read(source) == TestImages.read(ImageFile.open(path)))
  }

  @Test func `what is no label map is refused with what to do`() throws {
    let ppm = try TestImages.writePPM(folder.path("rgb.ppm"), width: 40, height: 30)
    let gray = folder.path("grey.png")
    try TestPNG(width: 40, height: 30, isPalette: false).write(gray)
    for (operation, output) in [
      (["copy", ppm], "rgb.png"), (["copy", ppm], "rgb.jpg"), (["bandjoin_const", gray], "la.png"),
      (["cast", gray], "float.tif"), (["cast", gray], "int.tif"), (["copy", ppm], "cmyk.tif"),
    ] {
      let last = ["la.png": ["255"], "float.tif": ["float"], "int.tif": ["int"]][output] ?? []
      try TestImages.runVips(operation + [folder.path(output)] + last)
    }
    let expected = [
      "rgb.png": "3 channels", "rgb.jpg": "3 channels", "la.png": "2 channels",
      "float.tif": "its samples are float32", "int.tif": "its samples are int32",
    ]
    for (name, reason) in expected {
      let path = folder.path(name)
      let error = #expect(throws: TesseraError.self) { try labels(path) }
      #expect(error?.description.hasPrefix("\(path): reading labels: it") == true)
      #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test(arguments: [false, true])
  func `an overview holds labels, not their means`(isInterlaced: Bool) throws {
    for (width, height, reduction) in [(100, 60, 8), (5, 3, 8), (64, 64, 1)] {
      var png = TestPNG(width: width, height: height, isInterlaced: isInterlaced)
      try png.write(folder.path("palette.png"))
      png.isPalette = false
      try png.write(folder.path("grey.png"))
      for name in ["palette.png", "grey.png"] {
        let source = try labels(folder.path(name))
        let overview = try source.overview(reduction: reduction)
        #expect(overview.region.width == max(1, width / reduction))
        #expect(overview.region.height == max(1, height / reduction))
        for y in overview.region.rows {
          overview.withRow(y, columns: overview.region.columns, as: UInt8.self) { row in
            for x in 0..<row.count {
              let column = min(width - 1, x * reduction + reduction / 2)
              let line = y * reduction + min(reduction, height - y * reduction) / 2
              #expect(row[x] == png.value(column, line))
            }
          }
        }
        // The overview does not use up the one pass.
        #expect(try TestImages.read(source) == png.values)
      }
    }
  }

  @Test func `resolution is reported, and the limit on pixels holds`() throws {
    var png = TestPNG(width: 50, height: 40)
    png.density = 4_000_000
    try png.write(folder.path("a.png"))
    #expect(try labels(folder.path("a.png")).info.micronsPerPixel?.x == 0.25)
    let error = #expect(throws: TesseraError.self) {
      try ImageFile.open(
        folder.path("a.png"), limits: .init(pixels: 1000), as: .labels(palette: nil))
    }
    #expect(error?.reason.contains("--max-pixels") == true)
  }

  @Test func `a palette that is to be turned is refused, not read lying on its side`() throws {
    var png = TestPNG(width: 50, height: 40)
    for (orientation, isUpright) in [(UInt8(1), true), (6, false), (3, false)] {
      png.orientation = orientation
      try png.write(folder.path("a.png"))
      guard !isUpright else {
        #expect(try TestImages.read(labels(folder.path("a.png"))) == png.values)
        continue
      }
      let error = #expect(throws: TesseraError.self) { try labels(folder.path("a.png")) }
      #expect(error?.reason.contains("save it upright") == true)
    }
  }

  @Test func `a second pass is refused, not answered with the wrong rows`() throws {
    try TestPNG(width: 50, height: 40).write(folder.path("a.png"))
    let source = try labels(folder.path("a.png"))
    _ = try TestImages.read(source)
    #expect(throws: TesseraError.self) { try TestImages.read(source) }
  }

  @Test(arguments: [false, true])
  func `a file cut off anywhere is an error, not half a map`(isInterlaced: Bool) throws {
    let whole = TestPNG(width: 20, height: 15, bitDepth: 4, isInterlaced: isInterlaced).data
    let path = folder.path("a.png")
    for count in 1..<whole.count {
      try whole.prefix(count).write(to: URL(filePath: path))
      let error = #expect(throws: TesseraError.self, "\(count) bytes") {
        try TestImages.read(labels(path))
      }
      #expect(error?.description.hasPrefix(path) == true)
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test(arguments: [false, true])
  func `a flipped bit anywhere is an error or another map, never a crash`(isInterlaced: Bool)
    throws
  {
    let whole = TestPNG(width: 20, height: 15, bitDepth: 2, isInterlaced: isInterlaced).data
    let path = folder.path("a.png")
    let bits = cases([3], slow: [0, 7])
    var errors = 0
    for index in 0..<whole.count {
      for bit in bits {
        var damaged = whole
        damaged[index] ^= 1 << bit
        try damaged.write(to: URL(filePath: path))
        do {
          _ = try TestImages.read(
            ImageFile.open(path, limits: .init(pixels: 1 << 24), as: .labels(palette: nil)))
        } catch {
          #expect(error is TesseraError)
          errors += 1
        }
      }
    }
    // Checksums find everything but what may be ignored: bytes of chunks that are not needed.
    #expect(errors > whole.count * bits.count * 9 / 10)
  }

  @Test(arguments: [100_000, 2_000_000_000], [false, true])
  func `a small file that claims a huge image is refused at once`(side: UInt32, isInterlaced: Bool)
    throws
  {
    var data = TestPNG(width: 8, height: 8, isInterlaced: isInterlaced).data
    let header = TestPNG.bytes(side) + TestPNG.bytes(side) + [8, 3, 0, 0, isInterlaced ? 1 : 0]
    data.replaceSubrange(8..<33, with: TestPNG.chunk("IHDR", header))
    try data.write(to: folder.url.appending(path: "a.png"))
    let error = #expect(throws: TesseraError.self) {
      try ImageFile.open(
        folder.path("a.png"), limits: .init(pixels: .max), as: .labels(palette: nil))
    }
    // libvips has no images of two billion pixels a side.
    let reason = side == 100_000 ? "which its \(data.count) bytes cannot hold" : "is damaged"
    #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test(.enabled(if: SharedData.isPresent && Oracle.python != nil))
  func `real label maps and the palettes of PngSuite have the values of Pillow`() throws {
    let python = try #require(Oracle.python)
    let roots = ["pairs", "malformed"].map { SharedData.path($0) }
    // Pillow spreads gray of 2 and 4 bits; palettes, 1, 8 and 16 bits it leaves as they are.
    let program = """
      import sys, pathlib, numpy as np
      from PIL import Image
      out, number = pathlib.Path(sys.argv[1]), 0
      for root in sys.argv[2:]:
        for path in sorted(pathlib.Path(root).rglob("*.png")):
          try:
            image = Image.open(path)
            depth = path.read_bytes()[24]
            if image.mode not in ("P", "L", "I;16", "1"): continue
            if image.mode != "P" and "transparency" in image.info: continue
            values = np.asarray(image)
          except Exception: continue
          if image.mode == "L" and depth < 8: values = values // {2: 85, 4: 17, 1: 255}[depth]
          values.astype("<u2" if image.mode == "I;16" else "u1").tofile(out / str(number))
          print(number, image.mode, path)
          number += 1
      """
    let result = try python.run(["-c", program, folder.url.path] + roots)
    try #require(result.status == 0, "\(result.errors)")
    var counts: [Substring: Int] = [:]
    for line in result.output.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 2)
      let expected = try Data(contentsOf: folder.url.appending(path: String(parts[0])))
      let path = String(parts[2])
      // Pillow forgives damage that is refused here, with labels or without.
      if parts[1] != "P", (try? TestImages.read(ImageFile.open(path))) == nil { continue }
      #expect(try TestImages.read(labels(path)) == [UInt8](expected), "\(line)")
      counts[parts[1], default: 0] += 1
    }
    #expect(counts["P"] ?? 0 >= 60 && counts["L"] ?? 0 >= 80 && counts["I;16"] ?? 0 >= 15)
  }

  @Test(.enabled(if: SharedData.isPresent, "needs the shared test data"))
  func `no file of the malformed collection crashes or hangs as a label map`() throws {
    let root = URL(filePath: SharedData.path("malformed"))
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    var (readable, refused) = (0, 0)
    while let file = files?.nextObject() as? URL {
      guard !file.hasDirectoryPath else { continue }
      do {
        _ = try TestImages.read(
          ImageFile.open(file.path, limits: .init(pixels: 100_000_000), as: .labels(palette: nil)))
        readable += 1
      } catch {
        #expect(error is TesseraError, "\(file.path)")
        refused += 1
      }
    }
    #expect(readable > 100 && refused > 200)
  }
}

import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

struct TIFFStackWriterTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: [SampleType.uint8, .uint16, .int16, .float32])
  func `a stack that was written is read back to the last bit`(type: SampleType) throws {
    var volume = phantom()
    volume.geometry.axes = oblique
    if type != .int16 { volume.samples = volume.samples.map { abs($0) } }
    let path = directory.path("stack.tif")
    try VolumeWriter.write(volume, to: path, as: type, note: "two\nlines")
    let file = try VolumeFile.open(path)
    let back = try file.read()
    #expect(back.samples == volume.samples && back.geometry == volume.geometry)
    #expect(back.storedAs == type && file.remarks.isEmpty)
    #expect(directory.contents == ["stack.tif"])
  }

  @Test(
    .enabled(if: VolumeOracle.python != nil, "needs TESSERA_ORACLE_PYTHON"),
    arguments: [SampleType.uint8, .uint16, .int16, .float32])
  func `tifffile finds samples, spacing and unit as of ImageJ`(type: SampleType) throws {
    struct Found: Decodable {
      var isImageJ, isTogether: Bool
      var shape: [Int]
      var type, unit: String
      var spacing, x, y: Double
      var samples: [Float]
    }
    var volume = phantom()
    if type != .int16 { volume.samples = volume.samples.map { abs($0) } }
    let path = directory.path("stack.tif")
    try VolumeWriter.write(volume, to: path, as: type)
    let found: Found = try VolumeOracle.run(
      """
      import sys, json, tifffile
      with tifffile.TiffFile(sys.argv[1]) as t:
        a, m, g = t.asarray(), t.imagej_metadata, t.pages[0].tags
        scale = lambda name: g[name].value[1] / g[name].value[0]
        print(json.dumps({"isImageJ": t.is_imagej, "shape": a.shape, "type": str(a.dtype),
          "unit": m["unit"], "isTogether": t.pages[2].dataoffsets[0] - t.pages[1].dataoffsets[0]
            == t.pages[1].dataoffsets[0] - t.pages[0].dataoffsets[0] == t.pages[0].nbytes, "spacing": m["spacing"], "x": scale("XResolution"),
          "y": scale("YResolution"), "samples": a.ravel().astype(float).tolist()}))
      """, path)
    #expect(found.isImageJ && found.shape == [3, 4, 5] && found.type == type.rawValue)
    // ImageJ reads all slices from where the first one starts.
    #expect(found.samples == volume.samples && found.isTogether)
    #expect(found.unit == "mm" && found.spacing == 2.5)
    #expect(abs(found.x - 0.75) < 1e-6 && abs(found.y - 1.5) < 1e-6)
  }

  @Test(
    .enabled(if: VolumeOracle.python != nil, "needs TESSERA_ORACLE_PYTHON"), arguments: [1, 3])
  func `BigTIFF is read as well`(slices: Int) throws {
    let text = Array("ImageJ=1.54f\n".utf8) + [0]
    var layout = TIFFDirectoryBytes(isBig: true)
    let start = layout.header(text, across: 4, down: 0.5)
    for index in 0..<slices {
      layout.add(
        [
          .long(256, 3), .long(257, 1), .short(258, 8), .short(259, 1), .short(262, 1), .text(270),
          .offset(273, start + 3 * index), .short(277, 1), .long(278, 1), .offset(279, 3),
          .across(282), .down(283), .short(296, 1), .short(339, 1),
        ], isLast: index == slices - 1, end: start + 3 * slices)
    }
    let path = directory.path("big.tif")
    let samples = (0..<3 * slices).map { UInt8($0) }
    try Data(layout.front + samples + layout.back).write(to: URL(filePath: path))
    let found: [[Int]] = try VolumeOracle.run(
      """
      import sys, json, tifffile
      with tifffile.TiffFile(sys.argv[1]) as t:
        x, y = [t.pages[0].tags[n].value for n in ("XResolution", "YResolution")]
        print(json.dumps([[int(t.is_bigtiff), len(t.pages), x[0] // x[1], y[1] // y[0]],
          [int(v) for p in t.pages for v in p.asarray().ravel()]]))
      """, path)
    #expect(found == [[1, slices, 4, 2], (0..<3 * slices).map { $0 }])
    if slices > 1 { #expect(try VolumeFile.open(path).read().samples == samples.map { Float($0) }) }
  }

  @Test func `a type that is not written names those that are, and leaves nothing`() {
    let error = #expect(throws: TesseraError.self) {
      try VolumeWriter.write(phantom(), to: directory.path("stack.tif"), as: .float64)
    }
    #expect(error?.reason.contains("float32") == true)
    #expect(throws: TesseraError.self) {
      try VolumeWriter.write(phantom(), to: directory.path("stack.tif"), as: .uint8)
    }
    #expect(directory.contents.isEmpty)
  }

  // The limit is for hangs: beside 800 tests one may wait minutes for a processor.
  @Test(.timeLimit(.minutes(15)))
  func `thousands of slices are written and read`() throws {
    let geometry = VolumeGeometry(size: SIMD3(8, 8, 4000))
    let volume = Volume(
      geometry: geometry, samples: (0..<geometry.count).map { Float($0 % 60000) })
    let path = directory.path("stack.tif")
    try VolumeWriter.write(volume, to: path, as: .uint16)
    let isSame = try VolumeFile.open(path).read().samples == volume.samples
    #expect(isSame)
  }
}

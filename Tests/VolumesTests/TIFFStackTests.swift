import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

/// Stacks that tifffile writes, and what is read of them.
@Suite(.enabled(if: VolumeOracle.python != nil, "needs TESSERA_ORACLE_PYTHON"))
struct TIFFStackTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Runs a program that writes `path`; `a` are samples of a phantom of 7 x 5 x 4 in `type`.
  private func stack(_ program: String, type: String = "uint16", name: String = "stack.tif") throws
    -> String
  {
    let path = directory.path(name)
    let _: Bool = try VolumeOracle.run(
      """
      import sys, json, os, numpy as np, tifffile
      path = sys.argv[1]
      z, y, x = np.mgrid[:4, :5, :7]
      a = (x + 10 * y + 50 * z).astype("\(type)")
      if a.dtype.kind != "u": a = a - a.dtype.type(90)
      \(program)
      print("true")
      """, path)
    return path
  }

  private func expected(_ type: String) -> [Float] {
    let shift: Float = type.hasPrefix("u") ? 0 : 90
    return (0..<140).map { index in
      let (x, y, z) = (index % 7, index / 7 % 5, index / 35)
      return Float(x + 10 * y + 50 * z) - shift
    }
  }

  private func reason(_ path: String) -> String {
    let error = #expect(throws: TesseraError.self) { try VolumeFile.open(path).read() }
    #expect(error?.path.hasPrefix(path) == true && error?.description.contains("\n") == false)
    return error?.reason ?? ""
  }

  @Test(arguments: ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"])
  func `samples of every type are read as they were written`(type: String) throws {
    let path = try stack(
      "tifffile.imwrite(path, a, photometric='minisblack', byteorder='>', metadata=None)",
      type: type)
    #expect(VolumeFormat(contentsOf: path) == .tiff)
    let file = try VolumeFile.open(path)
    #expect(file.format == .tiff && file.storedAs.rawValue == type)
    let volume = try file.read()
    #expect(volume.samples == expected(type) && volume.name == path)
    #expect(volume.geometry == VolumeGeometry(size: SIMD3(7, 5, 4)))
    #expect(file.remarks.count == 3)
  }

  @Test(arguments: [
    "compression='zlib'", "compression='lzw', predictor=True", "compression='zstd'", "bigtiff=True",
    "tile=(16, 16)", "rowsperstrip=2, compression='zlib'", "tile=(16, 32), compression='lzw'",
  ])
  func `pages may be packed, in strips or in tiles`(options: String) throws {
    let path = try stack(
      "tifffile.imwrite(path, a, photometric='minisblack', metadata=None, \(options))")
    #expect(try VolumeFile.open(path).read().samples == expected("uint16"))
  }

  @Test(arguments: [("mm", 1.0), ("micron", 1e-3), ("\\\\u00B5m", 1e-3), ("cm", 10)])
  func `ImageJ's spacing is read in its unit`(unit: String, millimeters: Double) throws {
    let path = try stack(
      """
      tifffile.imwrite(path, a, imagej=True, resolution=(1 / 0.75, 1 / 1.5),
        metadata={"spacing": 2.5, "unit": "\(unit)", "axes": "ZYX"})
      """)
    let file = try VolumeFile.open(path)
    let spacing = SIMD3(0.75, 1.5, 2.5) * millimeters
    #expect((file.geometry.spacing - spacing).length < 1e-6 * millimeters)
    #expect(file.remarks.count == 1)
    #expect(try file.read().samples == expected("uint16"))
  }

  @Test func `OME's sizes are read in their units`() throws {
    let path = try stack(
      """
      tifffile.imwrite(path, a, ome=True, photometric="minisblack", metadata={"axes": "ZYX",
        "PhysicalSizeX": 0.75, "PhysicalSizeXUnit": "mm", "PhysicalSizeY": 1500.0,
        "PhysicalSizeYUnit": "µm", "PhysicalSizeZ": 2500.0})
      """, name: "stack.ome.tif")
    let file = try VolumeFile.open(path)
    #expect((file.geometry.spacing - SIMD3(0.75, 1.5, 2.5)).length < 1e-9)
    #expect(try file.read().samples == expected("uint16"))
  }

  @Test func `plain resolutions count, and a distance that is not said is remarked on`() throws {
    let path = try stack(
      """
      tifffile.imwrite(path, a, photometric="minisblack", metadata=None, resolution=(20, 10),
        resolutionunit="CENTIMETER")
      """)
    let file = try VolumeFile.open(path)
    #expect((file.geometry.spacing - SIMD3(0.5, 1, 1)).length < 1e-6)
    #expect(file.remarks.contains { $0.contains("distance of its slices") })
  }

  @Test func `JPEG that ends early is refused, where its decoder makes gray`() throws {
    let path = try stack(
      """
      tifffile.imwrite(path, a, photometric="minisblack", metadata=None, compression="jpeg")
      page = tifffile.TiffFile(path).pages[2]
      tag, length = page.tags["StripByteCounts"], page.databytecounts[0]
      with open(path, "r+b") as f:
        f.seek(tag.valueoffset)
        f.write((length - 20).to_bytes(4 if tag.dtype == 4 else 2, "little"))
      """, type: "uint8")
    #expect(reason(path).contains("page 3 cannot be read"))
  }

  @Test(arguments: ["", ", rowsperstrip=8", ", tile=(16, 16)"])
  func `bytes of JPEG that were lost to zeros are refused, and whole ones read`(options: String)
    throws
  {
    let path = try stack(
      """
      noise = np.random.default_rng(1).integers(0, 255, (4, 32, 32)).astype("uint8")
      tifffile.imwrite(path, noise, photometric="minisblack", metadata=None, compression="jpeg"\(options))
      """, type: "uint8")
    #expect(try VolumeFile.open(path).read().samples.count == 4 * 32 * 32)
    let _: Bool = try VolumeOracle.run(
      """
      import sys, tifffile
      page = tifffile.TiffFile(sys.argv[1]).pages[2]
      with open(sys.argv[1], "r+b") as f:
        f.seek(page.dataoffsets[-1] + page.databytecounts[-1] - 180)
        f.write(bytes(100))
      print("true")
      """, path)
    #expect(reason(path).contains("page 3 cannot be read: wrong data"))
  }

  @Test func `a stack of ImageJ with one page for all slices is read`() throws {
    let path = try stack(
      "tifffile.imwrite(path, a, imagej=True, truncate=True, metadata={'axes': 'ZYX'})")
    #expect(VolumeFormat(contentsOf: path) == .tiff)
    #expect(try VolumeFile.open(path).read().samples == expected("uint16"))
    var data = try Data(contentsOf: URL(filePath: path))
    data.removeLast(10)
    try data.write(to: URL(filePath: path))
    #expect(reason(path).contains("slice 4 of 4"))
  }

  @Test(arguments: [
    ("tifffile.imwrite(path, a[0])", "one slice"),
    (
      "tifffile.imwrite(path, np.stack([a[:3]] * 3, -1), photometric='rgb', metadata=None)",
      "3 samples"
    ),
    ("tifffile.imwrite(path, a.astype('float64'), photometric='minisblack')", "8, 16 or 32 bits"),
    ("tifffile.imwrite(path, a, photometric='miniswhite')", "grey"),
    (
      "tifffile.imwrite(path, np.stack([a, a]), imagej=True, metadata={'axes': 'TZYX'})",
      "points in time"
    ),
    (
      """
      with tifffile.TiffWriter(path) as w:
        w.write(a[0], photometric='minisblack', metadata=None)
        w.write(a[1][:3], photometric='minisblack', metadata=None)
      """, "page 2 has 7 x 3 px, the first 7 x 5"
    ),
    (
      """
      with tifffile.TiffWriter(path) as w:
        w.write(a[0], photometric='minisblack', metadata=None)
        w.write(a[1].astype('float32'), photometric='minisblack', metadata=None)
      """, "page 2 has samples of float32, the first of uint16"
    ),
    (
      """
      b = np.zeros((64, 64), 'uint16')
      with tifffile.TiffWriter(path) as w:
        w.write(b, photometric='minisblack', subifds=1, metadata=None)
        w.write(b[::2, ::2], photometric='minisblack', subfiletype=1, metadata=None)
        w.write(b, photometric='minisblack', metadata=None)
      """, "pyramid"
    ),
    (
      """
      with tifffile.TiffWriter(path) as w:
        w.write(a[0], photometric='minisblack', metadata=None)
        w.write(a[0], photometric='minisblack', subfiletype=1, metadata=None)
      """, "pyramid"
    ),
  ])
  func `pictures are no volumes, and opening says why`(program: String, why: String) throws {
    let path = try stack(
      program.split(separator: "\n").joined(separator: "\n"))
    #expect(VolumeFormat(contentsOf: path) == nil)
    #expect(reason(path).contains(why))
  }

  @Test func `a stack that is cut off is a broken volume`() throws {
    let path = try stack("tifffile.imwrite(path, a, photometric='minisblack', metadata=None)")
    let data = try Data(contentsOf: URL(filePath: path))
    for kept in [data.count * 3 / 4, data.count / 2, data.count / 10] {
      try data.prefix(kept).write(to: URL(filePath: path))
      #expect(!reason(path).isEmpty)
    }
    try Data().write(to: URL(filePath: path))
    #expect(VolumeFormat(contentsOf: path) == nil && !reason(path).isEmpty)
    let pyramid = try stack(
      """
      b = np.zeros((64, 64), "uint16")
      with tifffile.TiffWriter(path) as w:
        w.write(b, photometric="minisblack", tile=(16, 16), metadata=None)
        w.write(b[::2, ::2], photometric="minisblack", tile=(16, 16), metadata=None)
      with tifffile.TiffFile(path) as t: end = t.pages[1].offset
      with open(path, "r+b") as f: f.truncate(end)
      """, name: "pyramid.tif")
    #expect(VolumeFormat(contentsOf: pyramid) == nil)
    #expect(VolumeFormat(contentsOf: directory.path("none.tif")) == nil)
  }

  @Test(arguments: ["", ", rowsperstrip=2", ", tile=(16, 16)", ", predictor=True"])
  func `a page of deflate whose checksum is wrong is named`(options: String) throws {
    let path = try stack(
      """
      tifffile.imwrite(path, a, photometric='minisblack', metadata=None, compression='zlib'\(options))
      with tifffile.TiffFile(path) as t:
        p = t.pages[2]
        end = p.dataoffsets[0] + p.databytecounts[0] - 1
      with open(path, "r+b") as f:
        f.seek(end); last = f.read(1)[0]; f.seek(end); f.write(bytes([last ^ 1]))
      """)
    #expect(reason(path).contains("page 3 cannot be read"))
  }

  @Test func `a page whose samples are broken is named`() throws {
    let path = try stack(
      """
      tifffile.imwrite(path, a, photometric='minisblack', metadata=None, compression='zlib')
      with tifffile.TiffFile(path) as t: start = t.pages[2].dataoffsets[0]
      with open(path, "r+b") as f: f.seek(start); f.write(b"garbage")
      """)
    #expect(VolumeFormat(contentsOf: path) == .tiff)
    #expect(reason(path).contains("page 3"))
  }
}

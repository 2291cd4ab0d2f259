import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

/// Folders with a TIFF a slice.
struct TIFFFolderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func folder(_ name: String = "slices", as type: SampleType = .int16) throws -> String {
    var geometry = phantom().geometry
    geometry.size.z = 12
    geometry.axes = oblique
    var volume = phantom(geometry)
    if type == .uint8 {
      volume.samples = volume.samples.map { abs($0).truncatingRemainder(dividingBy: 200) }
    }
    let path = directory.path(name)
    try VolumeWriter.writeSlices(volume, to: path, as: type, note: "made by a test")
    return path
  }

  private func reason(_ path: String) -> String {
    let error = #expect(throws: TesseraError.self) { try VolumeFile.open(path).read() }
    #expect(error?.path.hasPrefix(path) == true && error?.description.contains("\n") == false)
    return error?.reason ?? ""
  }

  @Test func `a folder that was written is read back to the last bit`() throws {
    let path = try folder()
    #expect(VolumeFormat(contentsOf: path) == .tiff)
    let volume = try VolumeFile.open(path).read()
    var geometry = phantom().geometry
    geometry.size.z = 12
    geometry.axes = oblique
    #expect(volume.geometry == geometry && volume.storedAs == .int16)
    #expect(volume.samples == phantom(geometry).samples)
    #expect(directory.contents.count == 13 && directory.contents[1] == "slices/slice_0001.tif")
    #expect(throws: TesseraError.self) {
      try VolumeWriter.writeSlices(phantom(), to: path, as: .int16)
    }
  }

  @Test func `slices are sorted by the numbers in their names`() throws {
    let path = try folder()
    let manager = FileManager.default
    for number in 1...12 {
      let old = "\(path)/slice_00\(number < 10 ? "0" : "")\(number).tif"
      try manager.moveItem(atPath: old, toPath: "\(path)/slice\(number).TIF")
    }
    let volume = try VolumeFile.open(path).read()
    #expect((0..<12).allSatisfy { volume[0, 0, $0] == Float(100 * $0 - 150) })
  }

  @Test func `a folder of pictures is no volume`() throws {
    let path = try folder(as: .uint8)
    #expect(VolumeFormat(contentsOf: path) != .tiff)
    #expect(reason(path).contains("8 bits"))
    let mixed = try folder("mixed")
    try Data("text".utf8).write(to: URL(filePath: "\(mixed)/notes.txt"))
    #expect(VolumeFormat(contentsOf: mixed) != .tiff)
    #expect(try VolumeFile.open(mixed).files.count == 12)
  }

  @Test func `a slice that differs, is broken or alone is named`() throws {
    let path = try folder()
    let other = directory.path("other.tif")
    var small = phantom()
    small.geometry.size = SIMD3(5, 4, 1)
    small.samples = Array(small.samples.prefix(20))
    try VolumeWriter.write(small, to: other, as: .float32)
    let third = "\(path)/slice_0003.tif"
    let manager = FileManager.default
    let original = try Data(contentsOf: URL(filePath: third))
    try Data(contentsOf: URL(filePath: other)).write(to: URL(filePath: third))
    let type = #expect(throws: TesseraError.self) { try VolumeFile.open(path) }
    #expect(type?.path == third && type?.reason.contains("float32") == true)
    try original.prefix(100).write(to: URL(filePath: third))
    let broken = #expect(throws: TesseraError.self) { try VolumeFile.open(path).read() }
    #expect(broken?.path == third)
    small.geometry.size = SIMD3(4, 5, 1)
    try VolumeWriter.write(small, to: third, as: .int16)
    let size = #expect(throws: TesseraError.self) { try VolumeFile.open(path) }
    #expect(size?.reason.contains("it has 4 x 5 px, the first 5 x 4") == true)
    for number in 2...12 {
      try manager.removeItem(atPath: "\(path)/slice_00\(number < 10 ? "0" : "")\(number).tif")
    }
    #expect(reason(path).contains("one slice"))
  }

  @Test func `DICOM files in a folder come first`() throws {
    let path = try folder()
    let series = directory.path("series")
    try SliceSeriesWriter(title: "a", derivation: "b").write(phantom(), to: series)
    for name in try FileManager.default.contentsOfDirectory(atPath: series) {
      try FileManager.default.copyItem(atPath: "\(series)/\(name)", toPath: "\(path)/\(name)")
    }
    #expect(VolumeFormat(contentsOf: path) == .dicom)
    #expect(try VolumeFile.open(path).format == .dicom)
  }
}

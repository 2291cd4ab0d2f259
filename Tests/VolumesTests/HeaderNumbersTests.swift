import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

/// Headers with numbers that are none, and damage that the libraries pass over.
struct HeaderNumbersTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func reason(_ path: String) -> String {
    let error = #expect(throws: TesseraError.self) { try VolumeFile.open(path).read() }
    #expect(error?.description.contains("\n") == false)
    return error?.reason ?? ""
  }

  /// A volume of these codes of forms, with one number of its header changed.
  private func nifti(_ codes: [UInt8], _ place: Int, _ value: Float) throws -> String {
    let path = directory.path("volume.nii")
    try VolumeWriter.write(phantom(), to: path, as: .int16)
    var data = try Data(contentsOf: URL(filePath: path))
    data[252] = codes[0]
    data[254] = codes[1]
    withUnsafeBytes(of: value.bitPattern.littleEndian) {
      data.replaceSubrange(place..<(place + 4), with: $0)
    }
    try data.write(to: URL(filePath: path))
    return path
  }

  @Test(arguments: [Float.nan, .infinity, 3e38], [280, 292, 268, 256, 84])
  func `a place of NIfTI that is no number is refused`(value: Float, place: Int) throws {
    #expect(reason(try nifti([1, 1], place, value)).contains("correct the header"))
  }

  @Test(arguments: [Float.nan, 0, 347, -1])
  func `samples of NIfTI that are said to start in the header are refused`(offset: Float) throws {
    #expect(reason(try nifti([1, 1], 108, offset)).contains("correct vox_offset"))
  }

  @Test(arguments: [([UInt8(1), 0], 280), ([UInt8(0), 1], 268)])
  func `a form that is not used may hold anything`(codes: [UInt8], place: Int) throws {
    #expect(try VolumeFile.open(try nifti(codes, place, .nan)).read().samples == phantom().samples)
  }

  @Test(arguments: [
    ("nrrd", "space origin", "space origin: (nan,0,0)"),
    ("nrrd", "space directions", "space directions: (inf,0,0) (0,1,0) (0,0,1)"),
    ("mha", "Offset", "Offset = nan 0 0"), ("mha", "ElementSpacing", "ElementSpacing = 1 inf 1"),
    ("mha", "TransformMatrix", "TransformMatrix = nan 0 0 0 1 0 0 0 1"),
  ])
  func `a place of MetaImage and NRRD that is no number is refused`(
    ending: String, key: String, line: String
  ) throws {
    let path = directory.path("volume.\(ending)")
    try VolumeWriter.write(phantom(), to: path, as: .int16)
    var data = try Data(contentsOf: URL(filePath: path))
    let start = try #require(data.range(of: Data("\n\(key)".utf8))?.lowerBound)
    let end = try #require(data[(start + 1)...].firstIndex(of: 10))
    data.replaceSubrange((start + 1)..<end, with: Data(line.utf8))
    try data.write(to: URL(filePath: path))
    #expect(reason(path).contains("correct the header"))
  }

  @Test func `a packed NRRD with a wrong byte or without its end is refused`() throws {
    let path = directory.path("volume.nrrd")
    try VolumeWriter.write(phantom(), to: path, as: .int16)
    let whole = try Data(contentsOf: URL(filePath: path))
    #expect(try VolumeFile.open(path).read().samples == phantom().samples)
    for change: (inout Data) -> Void in [
      { $0[$0.count - 6] ^= 1 }, { $0.removeLast(3) }, { $0.removeLast(8) },
      { $0[$0.count - 20] ^= 0x10 },
    ] {
      var data = whole
      change(&data)
      try data.write(to: URL(filePath: path))
      #expect(reason(path).contains("compression is broken"))
    }
  }
}

import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

/// Headers that lie; places are those of the NIfTI-1 header.
struct BadVolumeTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func file(_ change: (inout Data) -> Void) throws -> String {
    let path = directory.path("volume.nii")
    try VolumeWriter.write(phantom(), to: path, as: .int16)
    var data = try Data(contentsOf: URL(filePath: path))
    change(&data)
    try data.write(to: URL(filePath: path))
    return path
  }

  private func put(_ number: Int16, _ offset: Int, _ data: inout Data) {
    withUnsafeBytes(of: number.littleEndian) {
      data.replaceSubrange(offset..<(offset + 2), with: $0)
    }
  }

  private func reason(_ path: String) -> String {
    let error = #expect(throws: TesseraError.self) { try VolumeFile.open(path).read() }
    #expect(error?.description.contains("\n") == false)
    #expect(error?.path == path)
    return error?.reason ?? ""
  }

  @Test func `a series of volumes is refused with its sizes`() throws {
    let path = try file {
      put(4, 40, &$0)
      put(2, 48, &$0)
    }
    #expect(reason(path).contains("5 x 4 x 3 x 2"))
  }

  @Test func `colors are refused`() throws {
    let path = try file {
      put(128, 70, &$0)
      put(24, 72, &$0)
    }
    #expect(reason(path).contains("3 values a place"))
  }

  @Test func `a header that promises more than the memory holds is refused before it is read`()
    throws
  {
    let path = try file { for axis in 1...3 { put(30000, 40 + 2 * axis, &$0) } }
    #expect(reason(path).contains("more than the"))
  }

  @Test func `a file that is no volume is named once, with what to do`() throws {
    let path = directory.path("text.nii.gz")
    try Data("no volume\n".utf8).write(to: URL(filePath: path))
    let said = reason(path)
    #expect(said.contains("copy it again") && !said.contains(path), "\(said)")
  }

  @Test func `a file that ends early is refused`() throws {
    #expect(!reason(try file { $0.removeLast(30) }).isEmpty)
  }

  @Test func `a header alone, nothing at all and text are refused`() throws {
    #expect(!reason(try file { $0.removeLast($0.count - 348) }).isEmpty)
    #expect(!reason(try file { $0.removeAll() }).isEmpty)
    #expect(!reason(try file { $0 = Data("no volume\n".utf8) }).isEmpty)
    let missing = directory.path("none.nii")
    #expect(reason(missing).contains("no such file"))
  }

  @Test func `a Radiance picture is no volume, whatever its ending`() throws {
    let path = directory.path("photo.hdr")
    try Data("#?RADIANCE\n".utf8).write(to: URL(filePath: path))
    #expect(VolumeFormat(contentsOf: path) == nil && !VolumeFormat.isVolume(path))
    #expect(reason(path).contains("not a volume"))
  }

  @Test func `a whole slide in DICOM is no volume, nor is its folder`() throws {
    let path = directory.path("slide.dcm")
    try TestDICOM.header().write(to: URL(filePath: path))
    for path in [path, directory.url.path] {
      #expect(VolumeFormat(contentsOf: path) == nil && !VolumeFormat.isVolume(path))
      #expect(reason(path).contains("a whole slide is a picture"))
    }
    try TestDICOM.header(class: "1.2.840.10008.5.1.4.1.1.2").write(to: URL(filePath: path))
    #expect(VolumeFormat.isVolume(path) && VolumeFormat.isVolume(directory.url.path))
  }

  @Test func `axes that are not at right angles are refused`() throws {
    // No quaternion, and the first axis 4 mm or more into the second of the matrix.
    let path = try file {
      put(0, 252, &$0)
      put(1, 254, &$0)
      put(0x4080, 298, &$0)
    }
    #expect(reason(path).contains("not at right angles"))
  }

  @Test func `a unit that is not said is remarked on`() throws {
    let path = try file { $0[123] = 0 }
    #expect(try VolumeFile.open(path).remarks.contains { $0.contains("unit") })
    #expect(try VolumeFile.open(try file { _ in }).remarks.isEmpty)
  }

  @Test(arguments: ["mha", "nrrd", "nii.gz"])
  func `other formats that end early are refused`(ending: String) throws {
    let path = directory.path("volume.\(ending)")
    try VolumeWriter.write(phantom(), to: path, as: .int16)
    var data = try Data(contentsOf: URL(filePath: path))
    data.removeLast(20)
    try data.write(to: URL(filePath: path))
    #expect(!reason(path).isEmpty)
  }

  @Test func `a MetaImage without packing that ends early is refused`() throws {
    let path = directory.path("volume.mha")
    let header = """
      ObjectType = Image
      NDims = 3
      DimSize = 4 3 2
      ElementType = MET_SHORT
      ElementSpacing = 1 1 1
      ElementByteOrderMSB = False
      ElementDataFile = LOCAL

      """
    try (Data(header.utf8) + Data(count: 48)).write(to: URL(filePath: path))
    #expect(try VolumeFile.open(path).read().samples.count == 24)
    try (Data(header.utf8) + Data(count: 40)).write(to: URL(filePath: path))
    #expect(reason(path).contains("40 of 48 bytes"))
  }
}

import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

/// DICOM slices that are damaged, beside others that are not.
struct MissingSlicesTests {
  private let directory: TemporaryDirectory
  private let folder: String

  init() throws {
    directory = try TemporaryDirectory()
    folder = directory.path("series")
    var geometry = phantom().geometry
    geometry.size.z = 5
    let writer = SliceSeriesWriter(title: "made by a test", derivation: "made by a test")
    try writer.write(phantom(geometry), to: folder)
  }

  private func slice(_ number: Int) -> String { "\(folder)/CT.000\(number).dcm" }

  private func change(_ number: Int, _ change: (inout Data) -> Void) throws {
    let file = URL(filePath: slice(number))
    var data = try Data(contentsOf: file)
    change(&data)
    try data.write(to: file)
  }

  private func error(_ path: String) throws -> TesseraError {
    let error = #expect(throws: TesseraError.self) { try VolumeFile.open(path).read() }
    #expect(error?.description.contains("\n") == false)
    return try #require(error)
  }

  @Test func `a slice that ends early is named`() throws {
    try change(3) { $0.removeLast(11) }
    let error = try error(folder)
    #expect(error.path == folder && error.reason.contains("CT.0003.dcm: its samples end after 29"))
    // One file of the series stands for all.
    #expect(try self.error(slice(1)).path == slice(1))
  }

  @Test func `slices that do not say how large their pixels are are refused`() throws {
    for number in 1...5 {
      try change(number) { data in
        // The tag of the spacing becomes one that nobody knows.
        guard let tag = data.range(of: Data([0x28, 0x00, 0x30, 0x00])) else { return }
        data[tag.lowerBound + 2] = 0x33
      }
    }
    #expect(try error(folder).reason.contains("how large their pixels are"))
  }

  @Test func `a slice that says itself that it holds less is named`() throws {
    try change(3) { data in
      data.removeLast(10)
      data[data.count - 34] = 30
    }
    let error = try error(folder)
    #expect(error.reason.contains("CT.0003.dcm") && error.reason.contains("30 of 40 bytes"))
  }

  @Test(arguments: [0, 100, 140, 300])
  func `a last slice that ends in its header is named`(length: Int) throws {
    try change(5) { $0 = $0.prefix(length) }
    let reason = try error(folder).reason
    #expect(reason.contains("CT.0005.dcm") && reason.contains("cannot be read"))
    // A file names its series only: others may be anything.
    let file = try VolumeFile.open(slice(1))
    #expect(file.files.count == 4 && file.remarks.contains { $0.contains("CT.0005.dcm") })
  }

  @Test func `an empty file without an ending is a slice whose copy broke off`() throws {
    for number in 1...5 {
      let name = "\(folder)/\(number)"
      try FileManager.default.moveItem(atPath: slice(number), toPath: name)
    }
    try Data().write(to: URL(filePath: "\(folder)/5"))
    #expect(try error(folder).reason.contains("5 cannot be read"))
  }

  @Test func `slices without a preamble are slices`() throws {
    let bare = try Data(contentsOf: URL(filePath: slice(5))).dropFirst(132)
    try FileManager.default.removeItem(atPath: slice(5))
    try bare.write(to: URL(filePath: "\(folder)/IM0005"))
    let volume = try VolumeFile.open(folder).read()
    #expect(volume.geometry.size.z == 5 && volume.samples.last == phantom()[4, 3, 2] + 200)
  }

  @Test func `what lies beside slices and is none does not matter`() throws {
    try Data("read me\n".utf8).write(to: URL(filePath: "\(folder)/README"))
    try Data("1,2\n".utf8).write(to: URL(filePath: "\(folder)/list.csv"))
    // A report.
    let kind = "1.2.840.10008.5.1.4.1.1.88.11"
    let report = FramesFile.start(kind) + FramesFile.text(0x0008, 0x0016, "UI", kind)
    try Data(report).write(to: URL(filePath: "\(folder)/report.dcm"))
    let file = try VolumeFile.open(folder)
    #expect(file.files.count == 5 && file.remarks.isEmpty)
  }

  /// A series of two slices whose samples are packed in runs, `cut` short in the second.
  private func packed(cut: Int = 0, frames: Int = 1, ends: Bool = true) throws -> String {
    let folder = directory.path("packed")
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for z in 0..<2 {
      // Two segments of 20 bytes, each a run and what is not one.
      let segment = { (value: UInt8) -> [UInt8] in
        [UInt8(bitPattern: -9), value, 9] + Array(0..<10)
      }
      let starts = [2, 64, 64 + 13].flatMap { FramesFile.little(UInt32($0)) }
      let frame = starts + [UInt8](repeating: 0, count: 52) + segment(0) + segment(UInt8(z))
      let fragment = Array(frame.dropLast(z == 1 ? cut : 0))
      func item(_ bytes: [UInt8]) -> [UInt8] {
        FramesFile.little(UInt32(0xe000_fffe)) + FramesFile.little(UInt32(bytes.count)) + bytes
      }
      let kind = "1.2.840.10008.5.1.4.1.1.4"
      var bytes = FramesFile.start(kind, syntax: "1.2.840.10008.1.2.5")
      bytes += FramesFile.text(0x0008, 0x0016, "UI", kind)
      bytes += FramesFile.text(0x0020, 0x000e, "UI", "1.2.3.4")
      bytes += FramesFile.text(0x0020, 0x0032, "DS", "0\\0\\\(z)")
      bytes += FramesFile.text(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0")
      bytes += FramesFile.short(0x0028, 0x0002, 1)
      bytes += FramesFile.text(0x0028, 0x0004, "CS", "MONOCHROME2")
      bytes += FramesFile.short(0x0028, 0x0010, 4) + FramesFile.short(0x0028, 0x0011, 5)
      bytes += FramesFile.text(0x0028, 0x0030, "DS", "1\\1")
      bytes += FramesFile.short(0x0028, 0x0100, 16) + FramesFile.short(0x0028, 0x0101, 16)
      bytes += FramesFile.short(0x0028, 0x0102, 15) + FramesFile.short(0x0028, 0x0103, 0)
      bytes += FramesFile.little(UInt32(0x0010_7fe0)) + Array("OB".utf8) + [0, 0]
      bytes += [255, 255, 255, 255] + item([]) + item(fragment)
      if ends || z == 0 { bytes += FramesFile.little(UInt32(0xe0dd_fffe)) + [0, 0, 0, 0] }
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(z).dcm"))
    }
    return folder
  }

  @Test func `packed samples that end early are named`() throws {
    let whole = try VolumeFile.open(try packed()).read()
    #expect(whole[0, 0, 1] == 1 && whole[4, 3, 1] == 9 * 257)
    let cut = try error(try packed(cut: 4))
    #expect(cut.reason.contains("1.dcm") && cut.reason.contains("frame 1 end early"))
    let open = try error(try packed(ends: false))
    #expect(open.reason.contains("1.dcm") && open.reason.contains("ends in its samples"))
  }
}

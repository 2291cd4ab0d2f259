import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

/// Files that hold less than they promise, which the libraries fill up by themselves.
struct MissingSamplesTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func write(_ name: String, _ bytes: some Sequence<UInt8>) throws {
    try Data(bytes).write(to: URL(filePath: directory.path(name)))
  }

  private func reason(_ path: String, names file: String? = nil) -> String {
    let error = #expect(throws: TesseraError.self) { try VolumeFile.open(path).read() }
    #expect(error?.description.contains("\n") == false)
    #expect(error?.path == (file ?? path))
    return error?.reason ?? ""
  }

  // MARK: MetaImage

  /// A header of 4 x 3 x 2 numbers of 16 bits, with lines of its own at the end.
  private func header(_ lines: String...) throws -> String {
    let text = """
      ObjectType = Image
      NDims = 3
      BinaryData = True
      DimSize = 4 3 2
      ElementType = MET_SHORT
      ElementSpacing = 1 1 1
      ElementByteOrderMSB = False

      """
    let path = directory.path("volume.mhd")
    var own = lines
    if let place = own.firstIndex(of: "BinaryData = False") {
      own.remove(at: place)
      try Data(
        (text.replacing("Data = True", with: "Data = False") + own.joined(separator: "\n")).utf8
      )
      .write(to: URL(filePath: path))
    } else {
      try Data((text + own.joined(separator: "\n")).utf8).write(to: URL(filePath: path))
    }
    return path
  }

  private let samples: [UInt8] = (0..<24).flatMap { [UInt8($0), 0] }

  @Test func `samples in a file of their own are counted`() throws {
    let path = try header("ElementDataFile = all.raw\n")
    try write("all.raw", samples)
    #expect(try VolumeFile.open(path).read().samples == (0..<24).map(Float.init))
    try write("all.raw", samples.dropLast(8))
    #expect(reason(path).contains("all.raw ends after 40 of 48 bytes"))
    try FileManager.default.removeItem(atPath: directory.path("all.raw"))
    #expect(reason(path).contains("all.raw, which has samples of it, is not there"))
  }

  @Test(arguments: [10, -1])
  func `what is skipped before the samples counts`(skipped: Int) throws {
    let path = try header("HeaderSize = \(skipped)", "ElementDataFile = all.raw\n")
    try write("all.raw", [UInt8](repeating: 7, count: 10) + samples)
    #expect(try VolumeFile.open(path).read().samples == (0..<24).map(Float.init))
    try write("all.raw", [UInt8](repeating: 7, count: 10) + samples.dropLast(20))
    #expect(reason(path).contains("of 48 bytes"))
  }

  @Test func `a list of files is followed`() throws {
    let path = try header("ElementDataFile = LIST", "one.raw", "two.raw\n")
    try write("one.raw", samples.prefix(24))
    try write("two.raw", samples.suffix(24))
    #expect(try VolumeFile.open(path).read().samples == (0..<24).map(Float.init))
    try write("two.raw", samples.suffix(23))
    #expect(reason(path).contains("two.raw ends after 23 of 24 bytes"))
    try FileManager.default.removeItem(atPath: directory.path("one.raw"))
    #expect(reason(path).contains("one.raw"))
    #expect(reason(try header("ElementDataFile = LIST", "two.raw\n")).contains("lists 1 of 2"))
    // MetaIO does not read a line that does not end.
    let open = try header("ElementDataFile = LIST", "one.raw", "two.raw")
    #expect(reason(open).contains("no line break"))
  }

  @Test(arguments: ["LIST 3", "LIST 3D", "LIST 0", "LIST 4", "LIST -1"])
  func `a list whose files are no parts of the volume is refused`(list: String) throws {
    let path = try header("ElementDataFile = \(list)", "all.raw\n")
    try write("all.raw", samples)
    #expect(reason(path).contains("\(list) is no list"))
  }

  @Test(arguments: ["LIST 2", "LIST 2D"])
  func `a list says of how many dimensions its files are`(list: String) throws {
    let path = try header("ElementDataFile = \(list)", "one.raw", "two.raw\n")
    try write("one.raw", samples.prefix(24))
    try write("two.raw", samples.suffix(24))
    #expect(try VolumeFile.open(path).read().samples == (0..<24).map(Float.init))
  }

  @Test func `a pattern of names is followed`() throws {
    let path = try header("ElementDataFile = slice%02d.raw 3 5 2\n")
    try write("slice03.raw", samples.prefix(24))
    try write("slice05.raw", samples.suffix(24))
    #expect(try VolumeFile.open(path).read().samples == (0..<24).map(Float.init))
    try FileManager.default.removeItem(atPath: directory.path("slice05.raw"))
    #expect(reason(path).contains("slice05.raw"))
    let few = try header("ElementDataFile = slice%02d.raw 3 3 1\n")
    #expect(reason(few).contains("1 of 2 files"))
    for broken in [
      "slice%02d.raw 3 5 0", "slice%02d.raw 3 4", "slice%s.raw 3 5 2", "%d%d.raw 1 2 1",
    ] {
      #expect(reason(try header("ElementDataFile = \(broken)\n")).contains("pattern"))
    }
  }

  @Test func `samples as text are counted`() throws {
    let path = try header("BinaryData = False", "ElementDataFile = all.txt\n")
    try write("all.txt", (0..<24).map(String.init).joined(separator: " ").utf8)
    #expect(try VolumeFile.open(path).read().samples == (0..<24).map(Float.init))
    try write("all.txt", (0..<20).map(String.init).joined(separator: " ").utf8)
    #expect(reason(path).contains("20 of 24 numbers"))
  }

  @Test func `packed samples are unpacked to be counted`() throws {
    let whole = directory.path("volume.mha")
    try VolumeWriter.write(phantom(), to: whole, as: .int16)
    let data = try Data(contentsOf: URL(filePath: whole))
    let key = try #require(data.range(of: Data("ElementDataFile = LOCAL\n".utf8)))
    let packed = data[key.upperBound...]
    let head = String(decoding: data[..<key.lowerBound], as: UTF8.self)
    let path = directory.path("volume.mhd")
    func header(_ change: (String) -> String) throws {
      try Data((change(head) + "ElementDataFile = volume.zraw\n").utf8)
        .write(to: URL(filePath: path))
    }
    try header { $0 }
    try write("volume.zraw", packed)
    #expect(try VolumeFile.open(path).read().samples == phantom().samples)
    try write("volume.zraw", packed.dropLast(20))
    #expect(reason(path).contains("volume.zraw ends after"))
    // The length that is said is that of what is there.
    try header {
      $0.replacing("DataSize = \(packed.count)", with: "DataSize = \(packed.count - 20)")
    }
    #expect(reason(path).contains("compression is broken or ends early"))
    var broken = Array(packed)
    broken[broken.count / 2] ^= 0xff
    try header { $0 }
    try write("volume.zraw", broken)
    #expect(reason(path).contains("compression is broken"))
    // Without a length MetaIO unpacks its own header.
    let bare = head.split(separator: "\n").filter { !$0.hasPrefix("CompressedDataSize") }
    try write(
      "volume.mha",
      Data((bare.joined(separator: "\n") + "\nElementDataFile = LOCAL\n").utf8) + packed)
    #expect(reason(whole).contains("compression is broken"))
  }

  // MARK: NIfTI

  private func volume(_ name: String, _ change: (inout Data) -> Void) throws -> String {
    let path = directory.path(name)
    try VolumeWriter.write(phantom(), to: path, as: .int16)
    var data = try Data(contentsOf: URL(filePath: path))
    change(&data)
    try data.write(to: URL(filePath: path))
    return path
  }

  @Test func `the type of samples counts, and where they start`() throws {
    let bits = try volume("bits.nii") {
      $0[72] = 8
      $0.removeLast(40)
    }
    #expect(reason(bits).contains("432 of 472 bytes"))
    let far = try volume("far.nii") {
      $0.replaceSubrange(108..<112, with: withUnsafeBytes(of: Float(2e9).bitPattern) { Data($0) })
    }
    #expect(reason(far).contains("of 2000000120 bytes"))
  }

  @Test func `a packed file whose checksum is wrong or missing is refused`() throws {
    let wrong = try volume("wrong.nii.gz") { $0[$0.count - 6] ^= 1 }
    #expect(reason(wrong).contains("compression is broken"))
    #expect(reason(try volume("cut.nii.gz") { $0.removeLast(3) }).contains("compression is broken"))
    let middle = try volume("middle.nii.gz") { $0[$0.count / 2] ^= 0xff }
    #expect(reason(middle).contains("compression is broken"))
    let more = try volume("more.nii.gz") { $0 += Data("more".utf8) }
    #expect(try VolumeFile.open(more).read().samples == phantom().samples)
  }

  @Test(arguments: ["gaps.nii", "gaps.nii.gz", "gaps.hdr"])
  func `what is no number in a file is none in the volume`(name: String) throws {
    let whole = directory.path("whole.nii")
    try VolumeWriter.write(phantom(), to: whole, as: .float32)
    var data = try Data(contentsOf: URL(filePath: whole))
    func put(_ value: Float, _ place: Int) {
      let start = 352 + 4 * place
      data.replaceSubrange(
        start..<(start + 4), with: withUnsafeBytes(of: value.bitPattern) { Data($0) })
    }
    put(.nan, 0)
    put(-.infinity, 58)
    let path = directory.path(name)
    if name.hasSuffix("hdr") {
      data.replaceSubrange(344..<348, with: Data("ni1\0".utf8))
      data.replaceSubrange(108..<112, with: Data(count: 4))
      try data.prefix(348).write(to: URL(filePath: path))
      try data.dropFirst(352).write(to: URL(filePath: directory.path("gaps.img")))
    } else {
      try data.write(to: URL(filePath: path))
    }
    let samples = try VolumeFile.open(path).read().samples
    #expect(samples[0].isNaN && samples[58] == -.infinity)
    #expect(samples[1..<58] == phantom().samples[1..<58])
  }
}

import Foundation
import TestSupport
import Testing

@testable import Batch

struct InputFilesTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func write(_ name: String, _ content: Data = Data("x".utf8)) throws {
    let url = folder.url.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try content.write(to: url)
  }

  private func companions(_ name: String) -> [String] {
    InputFiles.companions(of: folder.path(name)).map {
      URL(filePath: $0).standardizedFileURL.lastPathComponent
    }
  }

  @Test func `files that a header names belong to it`() throws {
    for name in ["a.raw", "b.zraw", "c.hdr", "c.img", "d.mrxs", "d/Data0000.dat", "e.png"] {
      try write(name)
    }
    try write("a.mhd", Data("NDims = 3\nElementDataFile = a.raw\n".utf8))
    try write("b.nhdr", Data("NRRD0004\ndata file: ./b.zraw\n".utf8))
    try write("local.mhd", Data("ElementDataFile = LOCAL\n".utf8))
    #expect(companions("a.mhd") == ["a.raw"])
    #expect(companions("b.nhdr") == ["b.zraw"])
    #expect(companions("local.mhd").isEmpty)
    #expect(Set(companions("c.img")) == ["c.hdr", "c.img"])
    #expect(companions("d.mrxs") == ["d"])
    #expect(companions("e.png").isEmpty)
  }

  @Test func `a pattern, and a file of a series, take in all files beside them`() throws {
    try write("a.mhd", Data("ElementDataFile = a%03d.raw 1 2 1\n".utf8))
    try write("a001.raw")
    try write(".hidden")
    #expect(companions("a.mhd") == ["a001.raw"])
    let slice = Data(repeating: 0, count: 128) + Data("DICM".utf8)
    for name in ["series/IM1", "series/IM2"] { try write(name, slice) }
    #expect(companions("series/IM1") == ["IM2"])
  }

  @Test func `the levels of a slide in DICOM belong together`() throws {
    for (name, series) in [("a.dcm", "1.2"), ("b.dcm", "1.2"), ("c.dcm", "1.3")] {
      try write(name, TestDICOM.header(series: series))
    }
    try write("notes.txt")
    #expect(companions("a.dcm") == ["b.dcm"])
    #expect(companions("c.dcm").isEmpty)
    #expect(InputFiles.isPart(folder.path("b.dcm"), of: folder.path("a.dcm")))
  }

  @Test func `a result takes the place of an earlier one, and of no part of its input`() throws {
    try write("a.mhd", Data("NDims = 3\nElementDataFile = out.mha\n".utf8))
    try write("out.mha")
    #expect(InputFiles.isPart(folder.path("out.mha"), of: folder.path("a.mhd")))
    #expect(!InputFiles.isPart(folder.path("none.mha"), of: folder.path("a.mhd")))
    let slice = Data(repeating: 0, count: 128) + Data("DICM".utf8)
    for name in ["series/IM1", "series/IM2"] { try write(name, slice) }
    try write("series/ct.mha", Data("ObjectType = Image\nNDims = 3\n".utf8))
    #expect(InputFiles.isPart(folder.path("series/IM2"), of: folder.path("series/IM1")))
    #expect(!InputFiles.isPart(folder.path("series/ct.mha"), of: folder.path("series/IM1")))
  }

  @Test func `whatever changes in a file that belongs to an input changes the input`() throws {
    for name in ["d.mrxs", "d/Data0000.dat", "series/a", "series/sub/b"] { try write(name) }
    for (input, part) in [("d.mrxs", "d/Data0000.dat"), ("series", "series/sub/b")] {
      let path = folder.path(input)
      let look = { FileIdentity(path, with: InputFiles.companions(of: path)) }
      let before = try #require(look())
      #expect(look()?.isSame(as: before) == true)
      try write(part, Data("y".utf8))
      #expect(look()?.isSame(as: before) == false, "\(input)")
    }
  }

  @Test func `an output in a folder that is read is no part of the input`() throws {
    try write("series/a")
    let (path, output) = (folder.path("series"), folder.path("series/ct.nii.gz"))
    let before = try #require(FileIdentity(path, without: output))
    try write("series/ct.nii.gz")
    #expect(FileIdentity(path, without: output)?.isSame(as: before) == true)
  }

  @Test func `a link that leads in a circle ends`() throws {
    try write("series/a")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("series/loop"), withDestinationPath: folder.path("series"))
    #expect(FileIdentity(folder.path("series")) != nil)
  }
}

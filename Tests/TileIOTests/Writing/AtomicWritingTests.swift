import Base
import Foundation
import TestSupport
import Testing
import TileIO

@Suite(.serialized) struct AtomicWritingTests {
  static let names = ["a.tif", "a.svs", "a.png", "a.jpg", "a.v"]

  @Test(arguments: names)
  func `finishing makes exactly one file`(name: String) throws {
    let folder = try TemporaryDirectory()
    try Data("old".utf8).write(to: URL(filePath: folder.path(name)))
    try TestImage(600, 500).write(to: folder.path(name))
    #expect(folder.contents == [name])
    #expect(try Data(contentsOf: URL(filePath: folder.path(name))).count > 3)
  }

  @Test(arguments: names)
  func `what is discarded or dropped leaves nothing and spares the old file`(name: String) throws {
    let folder = try TemporaryDirectory()
    try Data("old".utf8).write(to: URL(filePath: folder.path(name)))
    let image = TestImage(600, 500)
    let pool = WorkerPool(count: 2)
    for isDropped in [false, true] {
      for rows in [0, 100, 500] {
        let sink = try ImageOutput.open(
          path: folder.path(name), info: image.info, options: OutputOptions(), pool: pool)
        try image.feed(sink, rows: 100, upTo: rows)
        if !isDropped { sink.discard() }
      }
    }
    #expect(folder.contents == [name])
    #expect(try Data(contentsOf: URL(filePath: folder.path(name))) == Data("old".utf8))
  }

  @Test(arguments: names)
  func `a file that lacks rows is not published`(name: String) throws {
    let folder = try TemporaryDirectory()
    let image = TestImage(300, 200)
    let pool = WorkerPool(count: 2)
    let sink = try ImageOutput.open(
      path: folder.path(name), info: image.info, options: OutputOptions(), pool: pool)
    try image.feed(sink, rows: 50, upTo: 150)
    let error = #expect(throws: TesseraError.self) { try sink.finish() }
    #expect(error?.reason == "only 150 of 200 rows arrived")
    #expect(error?.path == folder.path(name))
    #expect(folder.contents.isEmpty)
    #expect(throws: TesseraError.self) { try sink.finish() }
    sink.discard()
  }

  @Test(arguments: names)
  func `a place that cannot be written is one clear error`(name: String) throws {
    let folder = try TemporaryDirectory()
    let image = TestImage(30, 20)
    try Data().write(to: URL(filePath: folder.path("file")))
    func reason(_ path: String) throws -> String {
      let error = #expect(throws: TesseraError.self) { try image.write(to: path) }
      // A plan may name directories that are made later.
      #expect(ImageOutput.fault(path: path, info: image.info, options: OutputOptions()) == nil)
      #expect(error?.path == path)
      return error?.reason ?? ""
    }
    #expect(try reason(folder.path("missing/\(name)")).contains("does not exist: create it first"))
    #expect(try reason(folder.path("file/\(name)")).contains("is not a directory"))
    try FileManager.default.createDirectory(
      atPath: folder.path("folder.\(name)"), withIntermediateDirectories: true)
    #expect(try reason(folder.path("folder.\(name)")).contains("directory of this name"))
    let error = #expect(throws: TesseraError.self) { try image.write(to: "/proc/\(name)") }
    #expect(error?.reason.hasSuffix("choose another one") == true, "\(String(describing: error))")
    #expect(folder.contents == ["file", "folder.\(name)"])
  }

  @Test(arguments: names)
  func `the directory for temporary files is not used`(name: String) throws {
    let folder = try TemporaryDirectory()
    let old = ProcessInfo.processInfo.environment["TMPDIR"]
    setenv("TMPDIR", "/nonexistent/tessera", 1)
    defer { if let old { setenv("TMPDIR", old, 1) } else { unsetenv("TMPDIR") } }
    try TestImage(600, 500).write(to: folder.path(name))
    #expect(folder.contents == [name])
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs to mount a file system"), arguments: names)
  func `a full disk is one clear error and leaves nothing`(name: String) throws {
    let folder = try TemporaryDirectory()
    let disk = try SmallDisk(at: folder.url, kilobytes: 1024)
    let image = TestImage(1200, 1000)
    let error = #expect(throws: TesseraError.self) {
      try image.write(
        to: folder.path(name),
        OutputOptions(compression: OutputOptions.Compression.none, quality: 100))
    }
    #expect(error?.reason.contains("the disk is full") == true, "\(String(describing: error))")
    #expect(error?.path == folder.path(name))
    #expect(folder.contents.isEmpty)
    disk.remove()
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs to mount a file system"))
  func `a disk that fills up while the levels are appended is noticed`() throws {
    let folder = try TemporaryDirectory()
    // Level 0 takes 3 MB, the waiting levels 1 MB, and so do the appended ones.
    let disk = try SmallDisk(at: folder.url, kilobytes: 4400)
    let error = #expect(throws: TesseraError.self) {
      try TestImage(1024, 1024).write(
        to: folder.path("a.tif"), OutputOptions(compression: OutputOptions.Compression.none))
    }
    #expect(error?.reason.contains("the disk is full") == true, "\(String(describing: error))")
    #expect(folder.contents.isEmpty)
    disk.remove()
  }

  @Test func `names of any length and kind work`() throws {
    let folder = try TemporaryDirectory()
    for name in ["ü 𝄞 [page=1].tif", "ü 𝄞 [x].png", String(repeating: "n", count: 250) + ".png"] {
      try TestImage(20, 20).write(to: folder.path(name))
      #expect(folder.contents == [name])
      try FileManager.default.removeItem(atPath: folder.path(name))
    }
  }
}

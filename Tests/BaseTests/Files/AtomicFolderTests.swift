import Base
import Foundation
import Synchronization
import TestSupport
import Testing

/// Folders and files that are there whole or not at all.
struct AtomicFolderTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func write(_ text: String, replaces: Bool = true) throws(TesseraError) {
    try AtomicFolder.write(folder.path("a"), replaces: replaces, action: "writing") {
      part throws(TesseraError) in
      try AtomicFile.write(Data(text.utf8), to: "\(part)/text", action: "writing")
    }
  }

  private var text: String? { try? String(contentsOfFile: folder.path("a/text"), encoding: .utf8) }

  /// What lies beside the folder.
  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path("")) }
  }

  @Test func `a folder takes the place of another, and leaves nothing behind`() throws {
    try write("one", replaces: false)
    #expect(text == "one")
    try write("two")
    #expect(text == "two")
    #expect(try names == ["a"])
  }

  @Test func `folders above it are made, and a file above it is named`() throws {
    try AtomicFolder.write(folder.path("b/c/d"), replaces: false, action: "writing") {
      _ throws(TesseraError) in
    }
    #expect(FileManager.default.fileExists(atPath: folder.path("b/c/d")))
    try AtomicFile.write(Data(), to: folder.path("f"), action: "writing")
    let error = #expect(throws: TesseraError.self) {
      try AtomicFolder.write(folder.path("f/d"), replaces: false, action: "writing") {
        _ throws(TesseraError) in
      }
    }
    #expect(error?.reason.contains("not a directory") == true)
  }

  @Test func `a folder that is there stays unless it may be replaced`() throws {
    try write("one")
    let error = #expect(throws: TesseraError.self) { try write("two", replaces: false) }
    #expect(error?.reason.contains("exists already") == true && text == "one")
  }

  @Test func `the old folder stays where the new one fails, at any time`() throws {
    try write("one")
    let failure = TesseraError("a", "writing", "the disk is full")
    #expect(throws: failure) {
      try AtomicFolder.write(folder.path("a"), replaces: true, action: "writing") {
        part throws(TesseraError) in
        try AtomicFile.write(Data("two".utf8), to: "\(part)/text", action: "writing")
        throw failure
      }
    }
    #expect(throws: failure) {
      try AtomicFolder.write(
        folder.path("a"), replaces: true, action: "writing",
        willPublish: { _ throws(TesseraError) in throw failure }
      ) { _ throws(TesseraError) in }
    }
    #expect(try text == "one" && names == ["a"])
  }

  @Test func `whoever looks while a folder is replaced finds one`() throws {
    try write("0")
    let isDone = Mutex(false)
    let missed = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 2) { worker in
      guard worker == 0 else {
        while !isDone.withLock({ $0 }) {
          if !FileManager.default.fileExists(atPath: folder.path("a/text")) {
            missed.withLock { $0 += 1 }
          }
        }
        return
      }
      for turn in 1...200 { try? write("\(turn)") }
      isDone.withLock { $0 = true }
    }
    #expect(missed.withLock { $0 } == 0 && text == "200")
  }

  @Test func `a file that cannot be written says what to do, and leaves nothing behind`() throws {
    let missing = #expect(throws: TesseraError.self) {
      try AtomicFile.write(Data(), to: folder.path("no/a"), action: "writing")
    }
    #expect(missing?.reason.contains("does not exist: create it first") == true)
    try write("one")
    let taken = #expect(throws: TesseraError.self) {
      try AtomicFile.write(Data(), to: folder.path("a"), action: "writing")
    }
    #expect(taken?.reason.contains("directory of this name") == true)
    let part = try AtomicFile(folder.path("b"), action: "writing")
    try part.append(Data("half".utf8))
    part.discard()
    #expect(try names == ["a"])
  }
}

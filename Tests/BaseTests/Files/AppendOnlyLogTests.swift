import Foundation
import TestSupport
import Testing

@testable import Base

struct AppendOnlyLogTests {
  let folder: TemporaryDirectory
  let path: String

  init() throws {
    folder = try TemporaryDirectory()
    path = folder.path("log")
  }

  private func put(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }

  private func lines(from start: Int = 0) throws -> [String] {
    try AppendOnlyLog.read(path, from: start).lines.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `lines come back in order, and what comes later from where they end`() throws {
    let log = try AppendOnlyLog(path)
    try log.append(Data("one\n".utf8))
    try log.append(Data("\ntwo, Ä\n".utf8))
    try log.append(Data())
    let read = try AppendOnlyLog.read(path)
    #expect(try lines() == ["one", "", "two, Ä"])
    #expect(try read.end == log.length && !read.isReplaced)
    #expect(try lines(from: read.end).isEmpty)
    // Another process, as far as the file can tell.
    try AppendOnlyLog(path).append(Data("three\n".utf8))
    #expect(try lines(from: read.end) == ["three"])
  }

  @Test(arguments: [Array("cut".utf8), [0xC3], [0, 0, 0], [0xFF, 0x20]])
  func `a line cut anywhere is left alone until the next begins on one of its own`(
    cut: [UInt8]
  ) throws {
    try put(Array("one\n".utf8) + cut)
    let read = try AppendOnlyLog.read(path)
    #expect(read.lines == [Data("one".utf8)] && read.end == 4)
    try AppendOnlyLog(path).append(Data("two\n".utf8))
    let later = try AppendOnlyLog.read(path, from: read.end)
    #expect(later.lines == [Data(cut), Data("two".utf8)])
  }

  @Test func `a line is complete with its line feed only`() throws {
    try put(Array("one\ntw".utf8))
    let read = try AppendOnlyLog.read(path)
    try put(Array("one\ntwo\n".utf8))
    #expect(try lines(from: read.end) == ["two"])
  }

  @Test func `a file that is shorter than what was read of it is read from its start`() throws {
    try put(Array("a long line\nanother\n".utf8))
    let end = try AppendOnlyLog.read(path).end
    try put(Array("new\n".utf8))
    let read = try AppendOnlyLog.read(path, from: end)
    #expect(read.isReplaced && read.lines == [Data("new".utf8)] && read.end == 4)
  }

  @Test func `what is cut off is gone, and what follows comes in its place`() throws {
    let log = try AppendOnlyLog(path)
    try log.append(Data("one\ntwo\n".utf8))
    try log.cut(to: 4)
    try log.append(Data("three\n".utf8))
    #expect(try lines() == ["one", "three"])
  }

  @Test func `writers side by side lose no line and mix none`() async throws {
    let path = path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let log = try AppendOnlyLog(path)
          for line in 0..<100 {
            try log.append(Data("\(writer) \(line) \(String(repeating: "x", count: line))\n".utf8))
          }
        }
      }
      try await group.waitForAll()
    }
    let found = try lines()
    let expected = (0..<4).flatMap { writer in
      (0..<100).map { "\(writer) \($0) \(String(repeating: "x", count: $0))" }
    }
    // A writer that looks in the middle of another's line may begin with an empty one.
    #expect(found.filter { !$0.isEmpty }.sorted() == expected.sorted())
  }

  @Test func `nothing and empty files have no lines`() throws {
    #expect(throws: SystemFailure.self) { try AppendOnlyLog.read(path) }
    try put([])
    #expect(try lines().isEmpty)
  }
}

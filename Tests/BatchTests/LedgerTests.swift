import Base
import Foundation
import TestSupport
import Testing
import TileIO

@testable import Batch

/// What counts as complete, and what may be replaced.
struct LedgerTests {
  let folder: TemporaryDirectory
  let item: BatchItem

  init() throws {
    folder = try TemporaryDirectory()
    item = BatchItem(input: folder.path("in.png"), output: folder.path("out/a.png"))
    try FileManager.default.createDirectory(
      atPath: folder.path("out"), withIntermediateDirectories: true)
    try Data("input".utf8).write(to: URL(filePath: item.input))
  }

  private var ledger: Ledger { Ledger(directory: folder.path("out")) }

  private func publication(_ item: BatchItem? = nil) -> Publication {
    Publication(item ?? self.item, ledger: ledger, replaces: false)
  }

  /// Writes an output as a run does: claimed, named, recorded.
  private func make(
    _ item: BatchItem? = nil, content: String = "output", parameters: String = "p",
    copyReason: String? = nil, isKilled: Bool = false
  ) throws {
    let item = item ?? self.item
    let publication = publication(item)
    let part = "\(item.output).part"
    try Data(content.utf8).write(to: URL(filePath: part))
    try publication.prepare(part)
    _ = rename(part, item.output)
    guard !isKilled else { return }
    try publication.finish(
      parameters: parameters, copyReason: copyReason, calibration: nil, summary: nil)
  }

  private func isFinished(_ item: BatchItem? = nil, parameters: String = "p") -> Bool {
    publication(item).finished(parameters: parameters, calibration: nil) != nil
  }

  private func refusal(_ item: BatchItem? = nil) -> String? {
    do throws(TesseraError) {
      try publication(item).check((item ?? self.item).output)
      return nil
    } catch {
      return error.description
    }
  }

  private func write(_ text: String, _ path: String) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  /// Sets the time of the last change.
  private func setTime(_ path: String, to time: Date) throws {
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
  }

  @Test func `an item is finished only with the same input, output and parameters`() throws {
    #expect(!isFinished())
    try make()
    #expect(isFinished() && !isFinished(parameters: "q"))
    try Data("other input".utf8).write(to: URL(filePath: item.input))
    #expect(!isFinished() && refusal() == nil)
    try make()
    #expect(isFinished())
    try FileManager.default.removeItem(atPath: item.output)
    #expect(!isFinished() && refusal() == nil)
  }

  @Test func `bytes of the same size and time are not the output, and stay where they are`() throws
  {
    try make()
    let time = try #require(
      try FileManager.default.attributesOfItem(atPath: item.output)[.modificationDate] as? Date)
    try write("OUTPUT", item.output)
    try setTime(item.output, to: time)
    #expect(!isFinished())
    #expect(refusal()?.contains("a.png: planning outputs: it changed since Tessera made") == true)
  }

  @Test func `an input of the same size and time is another input`() throws {
    try make()
    let time = try #require(
      try FileManager.default.attributesOfItem(atPath: item.input)[.modificationDate] as? Date)
    try write("INPUT", item.input)
    try setTime(item.input, to: time)
    #expect(!isFinished() && refusal() == nil)
  }

  @Test func `an output that was copied and copied back is known by its content`() throws {
    try make()
    let copy = folder.path("copy.png")
    try FileManager.default.copyItem(atPath: item.output, toPath: copy)
    try FileManager.default.removeItem(atPath: item.output)
    try FileManager.default.copyItem(atPath: copy, toPath: item.output)
    try setTime(item.output, to: Date(timeIntervalSince1970: 1_000_000))
    #expect(isFinished() && refusal() == nil)
  }

  @Test func `a file that nobody recorded is refused by name, and so are links`() throws {
    try Data("mine".utf8).write(to: URL(filePath: item.output))
    #expect(
      refusal()
        == "\(item.output): planning outputs: it exists, and no record says that Tessera made it; use"
        + " --overwrite to replace it, or choose another place")
    try FileManager.default.removeItem(atPath: item.output)
    for target in ["elsewhere.png", "nowhere.png"] {
      try Data("mine".utf8).write(to: URL(filePath: folder.path("elsewhere.png")))
      try? FileManager.default.removeItem(atPath: item.output)
      try FileManager.default.createSymbolicLink(
        atPath: item.output, withDestinationPath: folder.path(target))
      #expect(refusal()?.contains("a symbolic link") == true, "\(target)")
    }
    #expect(throws: Never.self) {
      try Publication(item, ledger: ledger, replaces: true).check(item.output)
    }
  }

  @Test func `an output of another input is refused, one of an input that moved is not`() throws {
    try make()
    let other = BatchItem(input: folder.path("other/in.png"), output: item.output)
    try FileManager.default.createDirectory(
      atPath: folder.path("other"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: item.input, toPath: other.input)
    #expect(refusal(other) == nil)
    try FileManager.default.copyItem(atPath: other.input, toPath: item.input)
    try FileManager.default.removeItem(atPath: other.input)
    try Data("another".utf8).write(to: URL(filePath: other.input))
    #expect(!isFinished(other) && refusal(other)?.contains("it was made from") == true)
  }

  @Test func `what a run was killed over may be replaced, and is not complete`() throws {
    try make(isKilled: true)
    #expect(!isFinished() && refusal() == nil)
    // The same, in the place of an earlier output.
    try make(content: "first")
    try make(content: "second", parameters: "q", isKilled: true)
    #expect(!isFinished() && !isFinished(parameters: "q") && refusal() == nil)
  }

  @Test func `an input that changes before the output has its name leaves no output`() throws {
    let publication = publication()
    try FileManager.default.moveItem(atPath: item.input, toPath: folder.path("old.png"))
    try Data("fresh".utf8).write(to: URL(filePath: item.input))
    let part = "\(item.output).part"
    try Data("output".utf8).write(to: URL(filePath: part))
    #expect(throws: TesseraError.self) { try publication.prepare(part) }
    #expect(!FileManager.default.fileExists(atPath: folder.path("out/.tessera")))
  }

  @Test(arguments: ["{\"output\":\"b.p", "{\"output\":\"\u{E4}", "\u{0}\u{0}", "\n\n{}\n[]\n7"])
  func `a line that a killed run left unfinished is passed over, in the middle of a letter too`(
    cut: String
  ) throws {
    try make(copyReason: "blank")
    let file = folder.url.appending(path: "out/.tessera/ledger.jsonl")
    // Half of a letter where the last one has two bytes.
    let rest = cut.hasSuffix("\u{E4}") ? Data(cut.utf8.dropLast()) : Data(cut.utf8)
    try (try Data(contentsOf: file) + rest).write(to: file)
    let entry = publication().finished(parameters: "p", calibration: nil)
    #expect(entry?.copyReason == "blank")
    // What comes after it begins on a line of its own.
    let second = BatchItem(input: item.input, output: folder.path("out/b.png"))
    try make(second)
    #expect(isFinished() && isFinished(second))
  }

  @Test func `a record without an identity makes an output neither complete nor replaceable`()
    throws
  {
    try Data("output".utf8).write(to: URL(filePath: item.output))
    try FileManager.default.createDirectory(
      atPath: folder.path("out/.tessera"), withIntermediateDirectories: true)
    let line = """
      {"output":"a.png","input":"\(item.input)","inputBytes":5,"inputModified":1,"outputBytes":6,\
      "parameters":"p"}

      """
    try Data(line.utf8).write(to: URL(filePath: folder.path("out/.tessera/ledger.jsonl")))
    #expect(!isFinished())
    #expect(refusal()?.contains("did not tell which file") == true)
  }

  @Test func `what another process makes meanwhile is known`() throws {
    let early = Publication(item, ledger: ledger, replaces: false)
    try make()
    #expect(early.finished(parameters: "p", calibration: nil) != nil)
    #expect(throws: Never.self) { try early.check(item.output) }
  }

  @Test func `a folder of slices is known by all that is in it`() throws {
    let series = BatchItem(input: item.input, output: folder.path("out/series"))
    let publication = publication(series)
    let part = folder.path("out/.series")
    try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true)
    for name in ["CT.0001.dcm", "CT.0002.dcm"] {
      try Data(name.utf8).write(to: URL(filePath: "\(part)/\(name)"))
    }
    try publication.prepare(part)
    _ = rename(part, series.output)
    try publication.finish(
      parameters: "p", copyReason: nil, calibration: nil, summary: ["share": .number(0.5)])
    #expect(ledger.entry(of: series.output)?.summary?["share"]?.number == 0.5)
    #expect(isFinished(series) && refusal(series) == nil)
    try write("ct.0001.DCM", "\(series.output)/CT.0001.dcm")
    #expect(!isFinished(series) && refusal(series)?.contains("changed since") == true)
  }
}

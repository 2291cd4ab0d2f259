import Foundation
import TestSupport
import Testing

@testable import Batch

struct LedgerTests {
  let folder: TemporaryDirectory
  let item: BatchItem

  init() throws {
    folder = try TemporaryDirectory()
    item = BatchItem(input: folder.path("in.png"), output: folder.path("out/a.png"))
    try FileManager.default.createDirectory(
      atPath: folder.path("out"), withIntermediateDirectories: true)
    try Data("input".utf8).write(to: URL(filePath: item.input))
    try Data("output".utf8).write(to: URL(filePath: item.output))
  }

  @Test func `an item is finished only with the same input, output and parameters`() throws {
    let ledger = Ledger(directory: folder.path("out"))
    #expect(ledger.finished(item, parameters: "p") == nil)
    ledger.record(item, parameters: "p", copyReason: nil)
    let reopened = Ledger(directory: folder.path("out"))
    #expect(reopened.finished(item, parameters: "p") != nil)
    #expect(reopened.finished(item, parameters: "q") == nil)
    try Data("longer output".utf8).write(to: URL(filePath: item.output))
    #expect(reopened.finished(item, parameters: "p") == nil)
    reopened.record(item, parameters: "p", copyReason: nil)
    try Data("other input".utf8).write(to: URL(filePath: item.input))
    #expect(reopened.finished(item, parameters: "p") == nil)
  }

  @Test func `a line that a killed run left unfinished is passed over`() throws {
    Ledger(directory: folder.path("out")).record(item, parameters: "p", copyReason: "blank")
    let file = folder.url.appending(path: "out/.tessera/ledger.jsonl")
    var data = try Data(contentsOf: file)
    data.append(Data("{\"output\":\"b.p".utf8))
    try data.write(to: file)
    let ledger = Ledger(directory: folder.path("out"))
    #expect(ledger.finished(item, parameters: "p")?.copyReason == "blank")
  }
}

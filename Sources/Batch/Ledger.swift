import Base
import Foundation
import Synchronization
import TesseraPlugin
import TileIO
import Translation

/// What Tessera has made in an output directory, so that a rerun can leave it alone and nothing else is
/// ever replaced.
///
/// One JSON object a line in `.tessera/ledger.jsonl`: a claim before an output takes its name, and the
/// whole record after. Several processes may share it.
final class Ledger: Sendable {
  struct Entry: Codable, Sendable, Hashable {
    /// Path of the output, relative to the output directory.
    var output: String
    /// The file that was made; nil in the records of versions that did not tell.
    var made: FileIdentity?
    /// Absolute path of the input.
    var input: String
    /// The input as it was read; nil in a claim.
    var read: FileIdentity?
    /// Everything that the pixels depend on besides the input; nil in a claim.
    var parameters: String?
    /// Why the pixels were copied unchanged, if they were.
    var copyReason: String?
    /// Where what was measured is kept, relative to the output directory; empty where nothing was, nil
    /// where nobody asked.
    var calibration: String?
    /// What the pair measured on the input; nil where it says nothing of that.
    var summary: [String: PairValue]?
  }

  private struct Content {
    var entries: [String: [Entry]] = [:]
    /// How far the file has been read.
    var end = 0
  }

  private let directory: URL
  private let file: URL
  private let isReadOnly: Bool
  private let content = Mutex(Content())

  /// Opens the ledger of `directory`, which need not be there yet.
  init(directory: String, isReadOnly: Bool = false) {
    self.directory = URL(filePath: directory, directoryHint: .isDirectory)
    file = self.directory.appending(path: ".tessera/ledger.jsonl")
    self.isReadOnly = isReadOnly
    content.withLock { refresh(&$0) }
  }

  /// The record of the very file that has the name of this output now; nil where there is none.
  ///
  /// A file of the size recorded that was copied, moved or restored is known by its content.
  func entry(of output: String) -> Entry? {
    guard let now = FileIdentity(output) else { return nil }
    let name = relative(output)
    var known = entries(named: name)
    if !known.contains(where: { $0.made?.isSame(as: now) == true }) {
      // Another process may have made it.
      content.withLock { refresh(&$0) }
      known = entries(named: name)
    }
    if let entry = known.last(where: { $0.made?.isSame(as: now) == true }) { return entry }
    guard known.contains(where: { $0.made?.bytes == now.bytes }),
      let sha256 = FileIdentity.digest(output)
    else { return nil }
    let equal = known.filter { $0.made?.sha256 == sha256 }
    guard var entry = equal.last(where: { $0.parameters != nil }) ?? equal.last else { return nil }
    entry.made = now
    entry.made?.sha256 = sha256
    if !isReadOnly { try? append(entry) }
    return entry
  }

  /// Whether an early version noted an output of this name, without telling which file it made.
  func isOfEarlyVersion(_ output: String) -> Bool {
    let known = entries(named: relative(output))
    return !known.isEmpty && known.allSatisfy { $0.made == nil }
  }

  /// Whether any file was noted under the name of this output.
  func isKnown(_ output: String) -> Bool { !entries(named: relative(output)).isEmpty }

  /// Path of an output as the ledger names it.
  func relative(_ output: String) -> String {
    let root = directory.standardizedFileURL.path
    let path = URL(filePath: output).standardizedFileURL.path
    return path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
  }

  /// Adds an entry.
  func append(_ entry: Entry) throws(TesseraError) {
    do {
      var line = try JSONEncoder().encode(entry)
      line.append(UInt8(ascii: "\n"))
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try content.withLock { content in
        try AppendOnlyLog(file.path).append(line)
        refresh(&content)
      }
    } catch {
      let reason = (error as? SystemFailure)?.whileWriting ?? "check its permissions"
      throw TesseraError(
        file.relativePath, "noting what was made", "the ledger cannot be written: \(reason)")
    }
  }

  private func entries(named name: String) -> [Entry] {
    content.withLock { $0.entries[name] ?? [] }
  }

  /// Reads what has been added; lines that are cut or damaged are passed over.
  private func refresh(_ content: inout Content) {
    guard let added = try? AppendOnlyLog.read(file.path, from: content.end) else { return }
    if added.isReplaced { content.entries = [:] }
    content.end = added.end
    let decoder = JSONDecoder()
    for line in added.lines {
      guard let entry = try? decoder.decode(Entry.self, from: line) else { continue }
      content.entries[entry.output, default: []].append(entry)
    }
  }
}

import Base
import Foundation
import Synchronization
import TesseraPlugin
import TileIO

/// Lets an output take its name only where nothing is lost by it and its input is still what was read,
/// and keeps a record of what took the name.
final class Publication: Sendable {
  static let changedReason = "the file changed while it was read; translate it again"

  let item: BatchItem
  /// The input before anything of it was read; nil where it is not there.
  let input: FileIdentity?
  private let ledger: Ledger?
  private let replaces: Bool
  private let claim = Mutex<FileIdentity?>(nil)

  /// Looks at the input; `replaces` lets an output take the place of any file.
  init(_ item: BatchItem, ledger: Ledger?, replaces: Bool) {
    (self.item, self.ledger, self.replaces) = (item, ledger, replaces)
    input = Self.look(item)
  }

  /// Whether the input is no longer what it was.
  var hasInputChanged: Bool {
    guard let input else { return false }
    return Self.look(item)?.isSame(as: input) != true
  }

  /// The record of an output that is there, complete, and made from this very input with these
  /// parameters; `calibration` is what must have been kept of it.
  func finished(parameters: String, calibration: String?) -> Ledger.Entry? {
    guard let input, let ledger, !Self.isLink(item.output),
      let entry = ledger.entry(of: item.output), entry.parameters == parameters,
      entry.read?.isSame(as: input) == true
    else { return nil }
    guard let calibration else { return entry }
    let isKept =
      entry.calibration == ledger.relative(calibration) && ledger.entry(of: calibration) != nil
    return isKept || entry.calibration?.isEmpty == true ? entry : nil
  }

  /// Refuses a file that is to be written where another is that Tessera did not make of this input.
  func check(_ path: String) throws(TesseraError) {
    guard !InputFiles.isPart(path, of: item.input) else {
      throw TesseraError(
        path, "planning outputs", "it is a part of \(item.input); choose another place")
    }
    guard !replaces, let reason = refusal(of: path) else { return }
    throw TesseraError(
      path, "planning outputs",
      "\(reason); use --overwrite to replace it, or choose another place")
  }

  /// Checks all again, and claims the complete file at `part`, which is about to take its name.
  func prepare(_ part: String) throws(TesseraError) {
    guard !hasInputChanged else {
      throw TesseraError(item.input, "reading the image", Self.changedReason)
    }
    try check(item.output)
    guard ledger != nil, var made = FileIdentity(part) else { return }
    made.changed = nil
    made.sha256 = FileIdentity.digest(part)
    claim.withLock { [made] in $0 = made }
    try note(item.output, made)
  }

  /// Claims a file beside the output, with this content, that is about to be written.
  func prepare(_ path: String, content: Data) throws(TesseraError) {
    try check(path)
    try note(path, FileIdentity(content: content))
  }

  /// Records the output, which has its name; `calibration` is where what was measured is kept.
  func finish(
    parameters: String, copyReason: String?, calibration: String?,
    summary: [String: PairValue]?
  ) throws(TesseraError) {
    guard let ledger, let claim = claim.withLock({ $0 }), var made = FileIdentity(item.output)
    else { return }
    let isClaimed =
      made.bytes == claim.bytes && made.modified == claim.modified && made.inode == claim.inode
    // Some network file systems give a new number with the new name.
    guard isClaimed || FileIdentity.digest(item.output) == claim.sha256 else { return }
    made.sha256 = claim.sha256
    try ledger.append(
      Ledger.Entry(
        output: ledger.relative(item.output), made: made, input: Self.place(item.input),
        read: input, parameters: parameters, copyReason: copyReason,
        calibration: calibration.map { $0.isEmpty ? "" : ledger.relative($0) }, summary: summary))
  }

  private func note(_ path: String, _ made: FileIdentity) throws(TesseraError) {
    guard let ledger else { return }
    try ledger.append(
      Ledger.Entry(output: ledger.relative(path), made: made, input: Self.place(item.input)))
  }

  /// Says why the file at `path` may not be replaced; nil where it may, or there is none.
  private func refusal(of path: String) -> String? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    guard let ledger else { return "it exists" }
    guard !Self.isLink(path) else {
      return "it is a symbolic link, which Tessera does not make"
    }
    guard let entry = ledger.entry(of: path) else {
      if ledger.isOfEarlyVersion(path) {
        return
          "it exists, and the version of Tessera that noted this name did not tell which file it"
          + " made"
      }
      return ledger.isKnown(path)
        ? "it changed since Tessera made it"
        : "it exists, and no record says that Tessera made it"
    }
    guard !isOfThisInput(entry) else { return nil }
    return "it was made from \(entry.input)"
  }

  /// Whether an output was made from what is now to be translated again, under whatever name.
  private func isOfThisInput(_ entry: Ledger.Entry) -> Bool {
    if entry.input == Self.place(item.input) { return true }
    guard let input, let read = entry.read else { return false }
    return read.inode == input.inode && read.bytes == input.bytes
      && read.modified == input.modified
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func look(_ item: BatchItem) -> FileIdentity? {
    FileIdentity(
      item.input, with: InputFiles.companions(of: item.input), without: item.output)
  }

  /// Where a file lies, links followed.
  private static func place(_ path: String) -> String {
    URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }
}

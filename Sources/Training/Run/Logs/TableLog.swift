import Base
import Foundation
import Networks

/// A table of a run on the disk that grows by whole lines, and by columns where new ones turn up.
final class TableLog {
  private let path: String
  private let leading: [String]
  private let batch: Int
  private var log: AppendOnlyLog
  private var waiting = Data()
  private var waitingCount = 0
  /// All rows, also those that are not on the disk yet.
  private(set) var table: LossTable

  private static let action = "writing the table"

  /// Opens the file, or makes it; of what it holds, rows beyond a step go.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - leading: Columns at the start, which every row has; `step` is one of them.
  ///   - names: Columns that follow; others may be there already, or come later.
  ///   - step: The last step whose rows stay; nil starts the file anew.
  ///   - batch: Rows that are written at once.
  /// - Throws: An error if the file is not such a table or cannot be written.
  init(
    _ path: String, leading: [String], names: [String], through step: Int?, batch: Int
  ) throws(TesseraError) {
    (self.path, self.leading, self.batch) = (path, leading, batch)
    if let step, FileManager.default.fileExists(atPath: path) {
      let text = try TableText(reading: path, through: ("step", step))
      guard text.table.columns.starts(with: leading) else {
        throw TesseraError(
          path, "resuming the table",
          "its columns begin with \(text.table.columns.prefix(leading.count).joined(separator: ","))"
            + " instead of \(leading.joined(separator: ",")): move the file away")
      }
      table = text.table
      do throws(SystemFailure) {
        log = try AppendOnlyLog(path)
        try log.cut(to: text.length)
      } catch {
        throw Self.error(error, path)
      }
      try widen(by: names)
    } else {
      table = LossTable(columns: leading + names)
      try AtomicFile.write(TableText.line(table.columns), to: path, action: Self.action)
      do throws(SystemFailure) { log = try AppendOnlyLog(path) } catch {
        throw Self.error(error, path)
      }
    }
  }

  deinit { try? flush() }

  /// Adds a row: the text of the leading columns, and numbers by name.
  func append(
    _ fields: [String], _ values: [(name: String, value: Double)]
  ) throws(TesseraError) {
    precondition(fields.count == leading.count)
    try widen(by: values.map(\.name))
    let names = table.columns.dropFirst(leading.count)
    let numbers = names.map { name in values.last { $0.name == name }?.value }
    table.append(fields.map { Double($0) } + numbers)
    waiting += TableText.line(fields + numbers.map(TableText.field))
    waitingCount += 1
    if waitingCount >= batch { try write() }
  }

  /// Waits until all rows are on the disk.
  func flush() throws(TesseraError) {
    try write()
    do throws(SystemFailure) { try log.synchronize() } catch { throw Self.error(error, path) }
  }

  private func widen(by names: [String]) throws(TesseraError) {
    let new = names.filter { !table.columns.contains($0) }
    guard !new.isEmpty else { return }
    precondition(Set(new).count == new.count && new.allSatisfy(TableText.isName), "\(new)")
    try write()
    var lines = try TableText.lines(of: path)[...]
    let more = Data(repeating: UInt8(ascii: ","), count: new.count)
    var content = (lines.popFirst() ?? Data()) + Data(new.map { "," + $0 }.joined().utf8) + [0x0A]
    for line in lines { content += line + more + [0x0A] }
    try AtomicFile.write(content, to: path, action: Self.action)
    table.widen(by: new)
    do throws(SystemFailure) { log = try AppendOnlyLog(path) } catch {
      throw Self.error(error, path)
    }
  }

  private func write() throws(TesseraError) {
    do throws(SystemFailure) {
      let length = try log.length
      do throws(SystemFailure) {
        try log.append(waiting)
      } catch {
        // A row that the disk took half of would end the table; all of them are tried again.
        try? log.cut(to: length)
        throw error
      }
    } catch {
      throw Self.error(error, path)
    }
    waiting = Data()
    waitingCount = 0
  }

  private static func error(_ failure: SystemFailure, _ path: String) -> TesseraError {
    TesseraError(path, action, failure.whileWriting)
  }
}

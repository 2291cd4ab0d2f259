import Foundation

/// A table of a run on the disk that grows by whole lines.
final class TableLog {
  private let path: String
  private let descriptor: Int32
  private var waiting = Data()
  private var waitingCount = 0
  private let batch: Int
  /// All rows, also those that are not on the disk yet.
  private(set) var table: LossTable

  /// Opens the file, or makes it; of what it holds, rows beyond a step go.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - columns: Names of the columns.
  ///   - step: The last step whose rows stay; nil starts the file anew.
  ///   - batch: Rows that are written at once.
  /// - Throws: An error if the file has other columns or cannot be written.
  init(
    _ path: String, columns: [String], through step: Int?, batch: Int
  ) throws(TrainingError) {
    precondition(
      columns.allSatisfy { !$0.isEmpty && !$0.contains(where: { ",\"\n\r".contains($0) }) })
    self.path = path
    self.batch = batch
    if let step, FileManager.default.fileExists(atPath: path) {
      let text = try TableText(reading: path, through: ("step", step))
      guard text.table.columns == columns else {
        throw TrainingError(
          path, "resuming the table",
          "its columns are \(text.table.columns.joined(separator: ",")), not"
            + " \(columns.joined(separator: ",")): the run was begun with other settings, choose"
            + " another --output")
      }
      table = text.table
      descriptor = try Self.open(path)
      guard ftruncate(descriptor, off_t(text.length)) == 0 else {
        let code = errno
        close(descriptor)
        throw Self.error(code, path)
      }
    } else {
      table = LossTable(columns: columns)
      try WholeFile.write(TableText.line(columns), to: path, "writing the table")
      descriptor = try Self.open(path)
    }
  }

  deinit {
    try? flush()
    close(descriptor)
  }

  /// Adds a row, given as numbers and as the text of them.
  func append(_ row: [Double?], _ fields: [String]) throws(TrainingError) {
    table.append(row)
    waiting += TableText.line(fields)
    waitingCount += 1
    if waitingCount >= batch { try write() }
  }

  /// Waits until all rows are on the disk.
  func flush() throws(TrainingError) {
    try write()
    guard fsync(descriptor) == 0 else { throw Self.error(errno, path) }
  }

  private func write() throws(TrainingError) {
    while !waiting.isEmpty {
      let count = waiting.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Self.error(count < 0 ? errno : ENOSPC, path) }
      waiting = Data(waiting.dropFirst(count))
    }
    waitingCount = 0
  }

  private static func open(_ path: String) throws(TrainingError) -> Int32 {
    let descriptor = Foundation.open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw error(errno, path) }
    return descriptor
  }

  private static func error(_ code: Int32, _ path: String) -> TrainingError {
    TrainingError(path, "writing the table", SystemFault.reason(code))
  }
}

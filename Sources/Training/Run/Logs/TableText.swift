import Base
import Foundation

/// The text of a table: a line of names, then a line a row, each ending with a line feed.
struct TableText {
  let table: LossTable
  /// Bytes of the rows that were taken, and of the names.
  let length: Int

  /// Reads rows up to the first that is cut off, damaged, or of a later step than `last`.
  init(reading path: String, through last: (column: String, step: Int)? = nil)
    throws(TesseraError)
  {
    let lines = try Self.lines(of: path)
    guard let names = lines.first, !names.isEmpty else {
      throw TesseraError(
        path, "reading the table", "it has no line with the names of its columns: remove the file")
    }
    var table = LossTable(
      columns: String(decoding: names, as: UTF8.self).split(separator: ",").map(String.init))
    let place = last.flatMap { table.columns.firstIndex(of: $0.column) }
    var length = names.count + 1
    for line in lines.dropFirst() {
      guard let row = Self.row(line, count: table.columns.count) else { break }
      if let place, let last, row[place].map({ $0 > Double(last.step) }) ?? true { break }
      table.append(row)
      length += line.count + 1
    }
    (self.table, self.length) = (table, length)
  }

  private static func row(_ line: Data, count: Int) -> [Double?]? {
    let fields = String(decoding: line, as: UTF8.self).split(
      separator: ",", omittingEmptySubsequences: false)
    guard fields.count == count else { return nil }
    var row: [Double?] = []
    for field in fields {
      if field.isEmpty {
        row.append(nil)
      } else {
        guard let value = Double(field) else { return nil }
        row.append(value)
      }
    }
    return row
  }

  /// The whole lines of a file.
  static func lines(of path: String) throws(TesseraError) -> [Data] {
    do throws(SystemFailure) { return try AppendOnlyLog.read(path).lines } catch {
      throw TesseraError(path, "reading the table", error.whileReading)
    }
  }

  /// A line of names or fields.
  static func line(_ fields: [String]) -> Data { Data((fields.joined(separator: ",") + "\n").utf8) }

  /// As many digits as a float has, or nothing.
  static func field(_ value: Double?) -> String { value.map { "\(Float($0))" } ?? "" }

  /// Whether a column may have this name.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && !name.utf8.contains { $0 < 0x20 || $0 == 0x2C || $0 == 0x22 }
  }
}

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
    let content = try Self.content(of: path)
    var lines = content[...]
    func line() -> Substring? {
      guard let end = lines.firstIndex(of: 0x0A) else { return nil }
      defer { lines = lines[(end + 1)...] }
      return Substring(decoding: lines[..<end], as: UTF8.self)
    }
    guard let names = line(), !names.isEmpty else {
      throw TesseraError(
        path, "reading the table", "it has no line with the names of its columns: remove the file")
    }
    var table = LossTable(columns: names.split(separator: ",").map(String.init))
    let place = last.flatMap { table.columns.firstIndex(of: $0.column) }
    var length = lines.startIndex
    while let text = line(), let row = Self.row(text, count: table.columns.count) {
      if let place, let last, row[place].map({ $0 > Double(last.step) }) ?? true { break }
      table.append(row)
      length = lines.startIndex
    }
    (self.table, self.length) = (table, length)
  }

  private static func row(_ text: Substring, count: Int) -> [Double?]? {
    let fields = text.split(separator: ",", omittingEmptySubsequences: false)
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

  /// The bytes of a file.
  static func content(of path: String) throws(TesseraError) -> Data {
    do { return try Data(contentsOf: URL(filePath: path)) } catch {
      throw TesseraError(path, "reading the table", error.localizedDescription)
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

import Base
import Foundation

/// Columns of numbers, some of which may be missing, as `loss.csv` and `validation.csv` hold them.
package struct LossTable: Sendable, Hashable {
  /// Names of the columns.
  package private(set) var columns: [String]
  /// How many rows there are.
  package private(set) var count = 0
  private var values: [[Double?]]

  /// Makes a table without rows.
  package init(columns: [String]) {
    self.columns = columns
    values = Array(repeating: [], count: columns.count)
  }

  /// Adds a row of as many values as there are columns; nil where there is no number.
  package mutating func append(_ row: [Double?]) {
    precondition(row.count == columns.count)
    for (place, value) in row.enumerated() { values[place].append(value) }
    count += 1
  }

  /// Adds columns without numbers in any row so far.
  package mutating func widen(by names: [String]) {
    columns += names
    values += names.map { _ in Array(repeating: nil, count: count) }
  }

  /// The values of a column; empty where there is none of this name.
  package subscript(column: String) -> [Double?] {
    columns.firstIndex(of: column).map { values[$0] } ?? []
  }

  /// Reads a file of a run.
  package static func read(_ path: String) throws(TesseraError) -> LossTable {
    try TableText(reading: path).table
  }
}

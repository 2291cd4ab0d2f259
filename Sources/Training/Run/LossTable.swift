import Foundation

/// Columns of numbers, some of which may be missing, as `loss.csv` and `validation.csv` hold them.
public struct LossTable: Sendable, Hashable {
  /// Names of the columns.
  public let columns: [String]
  /// The rows so far; nil where there is no number.
  public private(set) var rows: [[Double?]] = []

  /// Makes a table without rows.
  public init(columns: [String]) { self.columns = columns }

  /// Adds a row of as many values as there are columns.
  public mutating func append(_ row: [Double?]) {
    precondition(row.count == columns.count)
    rows.append(row)
  }

  /// The values of a column; empty where there is none of this name.
  public subscript(column: String) -> [Double?] {
    guard let place = columns.firstIndex(of: column) else { return [] }
    return rows.map { $0[place] }
  }

  /// Reads a file of a run.
  public static func read(_ path: String) throws(TrainingError) -> LossTable {
    try TableText(reading: path).table
  }
}

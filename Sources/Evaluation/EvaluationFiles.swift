import Base
import Foundation
import TileIO

/// The files that figures are written to; each is there whole or not at all.
package struct EvaluationFiles: Sendable {
  private let csv: String?
  private let html: String?
  private let directory: String?

  private static let action = "writing the report"

  /// Names a table, a page, and a directory for a table, figures and a page.
  package init(csv: String? = nil, html: String? = nil, directory: String? = nil) {
    (self.csv, self.html, self.directory) = (csv, html, directory)
  }

  /// Refuses names that cannot be written before the work begins.
  package func check() throws(UsageError) {
    let parts = directory.map { OutputFile.isDirectory($0) ? Self.parts(of: $0) : [] } ?? []
    for path in [csv, html].compactMap(\.self) + parts { try Self.check(path) }
  }

  /// Writes them, the page with so many of the worst images of each metric.
  package func write(
    _ evaluation: Evaluation, worst: Int, limits: ImageFile.Limits, pool: WorkerPool
  ) throws(TesseraError) {
    let table = EvaluationTable(evaluation).text
    if let csv { try Self.write(table, to: csv) }
    guard html != nil || directory != nil else { return }
    let thumbnails = EvaluationThumbnails(limits: limits, pool: pool)
    let page = EvaluationPage(evaluation, worst: worst, thumbnails: thumbnails).html
    if let html { try Self.write(page, to: html) }
    if let directory {
      try Self.make(directory)
      let lines = EvaluationJSON(evaluation).lines.joined(separator: "\n") + "\n"
      for (path, text) in zip(Self.parts(of: directory), [table, lines, page]) {
        try Self.write(text, to: path)
      }
    }
  }

  /// The table, the figures and the page.
  private static func parts(of directory: String) -> [String] {
    ["images.csv", "evaluation.json", "index.html"].map { "\(directory)/\($0)" }
  }

  private static func check(_ path: String) throws(UsageError) {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    guard OutputFile.isDirectory(folder) else {
      throw UsageError("\(path): \(action): there is no directory \(folder); make it first")
    }
    guard !OutputFile.isDirectory(path) else {
      throw UsageError("\(path): \(action): this is a directory; give a file")
    }
    guard !OutputFile.isTaken(path) || isReport(path) else {
      throw UsageError(
        "\(path): \(action): it exists and is no report of Tessera; choose another name")
    }
  }

  /// Whether a file begins as a table, a page or figures of an earlier evaluation do.
  private static func isReport(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    let start = (try? handle.read(upToCount: 64)) ?? Data()
    let beginnings = ["name,result,target,input", HTMLPage.beginning, "{\""]
    return beginnings.contains { start.starts(with: Data($0.utf8)) }
  }

  private static func write(_ text: String, to path: String) throws(TesseraError) {
    try AtomicFile.write(Data(text.utf8), to: path, action: action)
  }

  private static func make(_ directory: String) throws(TesseraError) {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw TesseraError(
        directory, "making the directory of the report",
        "\(error.localizedDescription); choose another --report")
    }
  }
}

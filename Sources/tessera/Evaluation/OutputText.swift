import Base
import Terminal
import Foundation
import Networks
import TileIO

/// Text files that are there whole or not at all.
enum OutputText {
  /// Refuses a name that cannot be written before the work begins.
  static func check(_ path: String) throws {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    guard OutputFile.isDirectory(folder) else {
      throw UsageError(
        "\(path): writing the report: there is no directory \(folder); make it first")
    }
    guard !OutputFile.isDirectory(path) else {
      throw UsageError("\(path): writing the report: this is a directory; give a file")
    }
    guard !OutputFile.isTaken(path) || isReport(path) else {
      throw UsageError(
        "\(path): writing the report: it exists and is no report of Tessera; choose another name")
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

  static func write(_ text: String, to path: String) throws {
    let file = try AtomicFile(path, action: "writing the report")
    try file.append(Data(text.utf8))
    try file.publish()
  }

  static func makeDirectory(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw TesseraError(
        path, "making the directory of the report",
        "\(error.localizedDescription); choose another --report")
    }
  }
}

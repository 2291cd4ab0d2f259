import Foundation

/// A text file that only grows, a record a line, which several processes may share.
///
/// A process that is killed may leave part of a line. What is added after it begins on a line of its own,
/// and readers go by bytes, so that a letter cut in half harms no other line.
package final class AppendOnlyLog {
  /// Whole lines of a log.
  package struct Lines {
    /// The bytes of each line, without its line feed.
    package let lines: [Data]
    /// Where the last line ends: what comes later is read from here.
    package let end: Int
    /// Whether the file is shorter than what was read of it before, so that it was read from its start.
    package let isReplaced: Bool
  }

  private static let lineFeed = UInt8(ascii: "\n")
  private let file: OpenFile

  /// Opens the file at `path`, or makes it.
  package init(_ path: String) throws(SystemFailure) {
    file = try OpenFile(path, O_RDWR | O_APPEND | O_CREAT)
  }

  /// Adds whole lines, each with its line feed, by one write where the system allows.
  package func append(_ lines: Data) throws(SystemFailure) {
    precondition(lines.last.map { $0 == Self.lineFeed } ?? true, "a line without an end")
    guard !lines.isEmpty else { return }
    try file.append(endsLine() ? lines : Data([Self.lineFeed]) + lines)
  }

  /// Cuts what lies behind the first `length` bytes; only for a log that no other process has open.
  package func cut(to length: Int) throws(SystemFailure) {
    guard ftruncate(file.descriptor, off_t(length)) == 0 else { throw SystemFailure(code: errno) }
  }

  /// How many bytes it has.
  package var length: Int {
    get throws(SystemFailure) { Int(try file.status.st_size) }
  }

  /// Waits until all lines are on the disk.
  package func synchronize() throws(SystemFailure) { try file.synchronize() }

  /// The whole lines of a file from `start` on, which is its beginning or the `end` of an earlier reading.
  ///
  /// What follows the last line feed is left for the next reading.
  package static func read(_ path: String, from start: Int = 0) throws(SystemFailure) -> Lines {
    let file = try OpenFile(path, O_RDONLY)
    let isReplaced = try file.status.st_size < start
    let start = isReplaced ? 0 : start
    let added = try file.readToEnd(from: start)
    guard let last = added.lastIndex(of: lineFeed) else {
      return Lines(lines: [], end: start, isReplaced: isReplaced)
    }
    let lines = added[..<last].split(separator: lineFeed, omittingEmptySubsequences: false)
    return Lines(lines: lines, end: start + last + 1, isReplaced: isReplaced)
  }

  private func endsLine() throws(SystemFailure) -> Bool {
    let length = try length
    var last: UInt8 = 0
    return length == 0
      || pread(file.descriptor, &last, 1, off_t(length - 1)) == 1 && last == Self.lineFeed
  }
}

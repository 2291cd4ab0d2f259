import Foundation
import Synchronization

/// What has been finished in an output directory, so that a rerun can leave it alone.
///
/// One JSON object a line in `.tessera/ledger.jsonl`, appended when an output has its name.
final class Ledger: Sendable {
  struct Entry: Codable, Sendable, Hashable {
    /// Path of the output, relative to the output directory.
    var output: String
    /// Absolute path of the input.
    var input: String
    var inputBytes: Int
    /// Seconds since 1970.
    var inputModified: Double
    var outputBytes: Int
    /// Everything that the pixels depend on besides the input.
    var parameters: String
    /// Why the pixels were copied unchanged, if they were.
    var copyReason: String?
  }

  private let directory: URL
  private let file: URL
  private let entries: Mutex<[String: Entry]>

  /// Reads the ledger of `directory`; lines that a killed run left unfinished are passed over.
  init(directory: String) {
    self.directory = URL(filePath: directory, directoryHint: .isDirectory)
    file = self.directory.appending(path: ".tessera/ledger.jsonl")
    var entries: [String: Entry] = [:]
    if let text = try? String(contentsOf: file, encoding: .utf8) {
      for line in text.split(whereSeparator: \.isNewline) {
        guard let entry = try? JSONDecoder().decode(Entry.self, from: Data(line.utf8)) else {
          continue
        }
        entries[entry.output] = entry
      }
    }
    self.entries = Mutex(entries)
  }

  /// The entry of an item whose output is there, complete, made from this very input with these
  /// parameters.
  func finished(_ item: BatchItem, parameters: String) -> Entry? {
    guard let entry = entries.withLock({ $0[relative(item.output)] }),
      let current = describe(item, parameters: parameters, copyReason: entry.copyReason),
      current == entry
    else { return nil }
    return entry
  }

  /// Notes that an item is done.
  func record(_ item: BatchItem, parameters: String, copyReason: String?) {
    guard let entry = describe(item, parameters: parameters, copyReason: copyReason),
      var line = try? JSONEncoder().encode(entry)
    else { return }
    line.append(UInt8(ascii: "\n"))
    entries.withLock {
      $0[entry.output] = entry
      try? FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      // One write of one line with O_APPEND: several processes may share the ledger.
      let descriptor = open(file.path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
      guard descriptor >= 0 else { return }
      _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      close(descriptor)
    }
  }

  private func describe(_ item: BatchItem, parameters: String, copyReason: String?) -> Entry? {
    guard let input = Ledger.measure(item.input), let output = Ledger.measure(item.output) else {
      return nil
    }
    return Entry(
      output: relative(item.output),
      input: URL(filePath: item.input).standardizedFileURL.path, inputBytes: input.bytes,
      inputModified: input.modified, outputBytes: output.bytes, parameters: parameters,
      copyReason: copyReason)
  }

  /// Size of a file, and when it was last changed; of a folder, the sum of its files and the latest.
  private static func measure(_ path: String) -> (bytes: Int, modified: Double)? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      return (Int(status.st_size), modified(status))
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.reduce((0, 0)) { sum, name in
      guard stat("\(path)/\(name)", &status) == 0 else { return sum }
      return (sum.0 + Int(status.st_size), max(sum.1, modified(status)))
    }
  }

  private static func modified(_ status: stat) -> Double {
    #if os(macOS)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private func relative(_ output: String) -> String {
    let root = directory.standardizedFileURL.path
    let path = URL(filePath: output).standardizedFileURL.path
    return path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
  }
}

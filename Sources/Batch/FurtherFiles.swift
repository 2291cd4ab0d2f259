public import Base
import Foundation
public import TesseraPlugin
public import TileIO

/// The images that a pair takes besides those that it translates: a file for all, or a directory with
/// one for each, which has the same path and name, the ending left out.
public struct FurtherFiles: Sendable {
  private struct Entry: Sendable {
    var input: FurtherInput
    var path: String
    var isDirectory: Bool
  }

  private var entries: [Entry] = []
  private static let action = "looking for a further input"

  /// None.
  public init() {}

  /// Takes what was given for the inputs of `pair`, the name of each before its path or number; numbers
  /// are left in `numbers`.
  public init(
    _ given: [String: String], for pair: PairDescription, numbers: inout [String: String]
  ) throws(UsageError) {
    let known = pair.furtherInputs.map(\.name)
    for name in given.keys.sorted() where !known.contains(name) {
      throw UsageError(
        "--input \(name): the pair \(pair.id) has no such input; "
          + (known.isEmpty
            ? "it takes nothing but the image" : "it takes \(known.joined(separator: ", "))"))
    }
    for input in pair.furtherInputs {
      guard let value = given[input.name] else {
        throw UsageError(
          "--input \(input.name)=…: the pair \(pair.id) needs it: \(input.help)")
      }
      if case .number = input.kind {
        numbers[input.name] = value
        continue
      }
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: value, isDirectory: &isDirectory) else {
        throw UsageError("\(value): --input \(input.name): there is no such file or directory")
      }
      entries.append(Entry(input: input, path: value, isDirectory: isDirectory.boolValue))
    }
  }

  /// Whether nothing but the image is read.
  public var isEmpty: Bool { entries.isEmpty }

  /// The files and directories.
  public var paths: [String] { entries.map(\.path) }

  /// Opens what belongs to one image, in the order of the pair's inputs.
  public func open(
    for item: BatchItem, limits: ImageFile.Limits
  ) throws(TesseraError) -> [any ImageSource] {
    var sources: [any ImageSource] = []
    for entry in entries {
      let content: ImageContent =
        switch entry.input.kind {
        case .mask: .mask
        case .labels: .labels(palette: nil)
        case .picture, .number: .picture
        }
      sources.append(
        try ImageFile.open(Self.file(of: entry, for: item), limits: limits, as: content))
    }
    return sources
  }

  /// Tells the files of one image from what they were earlier, for the record of its output.
  func identity(of item: BatchItem) -> String {
    entries.map { entry in
      guard let file = try? Self.file(of: entry, for: item),
        let found = FileIdentity(file)
      else { return " \(entry.input.name)=\(UUID().uuidString)" }
      return " \(entry.input.name)=\(found.bytes),\(found.modified),\(found.inode)"
    }.joined()
  }

  private static func file(
    of entry: Entry, for item: BatchItem
  ) throws(TesseraError) -> String {
    guard entry.isDirectory else { return entry.path }
    let name = (item.input as NSString).lastPathComponent
    let stem = (name as NSString).deletingPathExtension
    let folder = [entry.path, item.folder].filter { !$0.isEmpty }.joined(separator: "/")
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
      $0 == name || ($0 as NSString).deletingPathExtension == stem && !$0.hasPrefix(".")
    }
    if names.contains(name) { return "\(folder)/\(name)" }
    guard names.count < 2 else {
      throw TesseraError(
        item.input, action,
        "\(folder) has \(names.sorted().joined(separator: " and ")) for it; keep one of them")
    }
    guard let found = names.first else {
      throw TesseraError(
        item.input, action,
        "\(folder) has no \(stem).* for --input \(entry.input.name); put it there, or name one file for"
          + " all")
    }
    return "\(folder)/\(found)"
  }
}

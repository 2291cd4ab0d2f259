import Base
import Batch
import Foundation

/// The files that are compared: two images, or two directories and what belongs to them by name.
package struct EvaluatedSets: Sendable {
  /// An image and its partners; they have the same path in their directories, the ending left out.
  package struct Item: Sendable {
    package var name: String
    package var result: String
    package var target: String?
    package var input: String?
    package var mask: String?

    package init(
      name: String, result: String, target: String? = nil, input: String? = nil,
      mask: String? = nil
    ) {
      (self.name, self.result, self.target, self.input, self.mask) =
        (name, result, target, input, mask)
    }
  }

  /// All results, with the partners that were found.
  package private(set) var items: [Item] = []
  /// All files of the target.
  private(set) var targets: [String] = []
  /// All files of the input.
  private(set) var inputs: [String] = []
  /// What has no partner; a line each.
  private(set) var notes: [String] = []
  package let result: String
  package let target: String
  let input: String?
  /// Whether two directories are compared, not two images.
  let isDirectory: Bool
  /// Results without a file of their name in the target, and targets without one in the results.
  private(set) var unmatched = 0

  /// Whether the first result is a volume.
  var areVolumes: Bool { items.first.map { EvaluatedVolumes.isVolume($0.result) } ?? false }

  var hasPairs: Bool { items.contains { $0.target != nil } }

  package init(result: String, target: String, input: String?, mask: String?) throws {
    (self.result, self.target, self.input) = (result, target, input)
    isDirectory = Self.isSet(result)
    for (path, option) in [(target, "--against"), (input, "--input"), (mask, "--mask")] {
      guard let path, Self.isSet(path) != isDirectory, OutputFile.exists(path) else {
        continue
      }
      // One mask may serve all images.
      if option == "--mask", isDirectory { continue }
      throw UsageError(
        "\(option) \(path): this is \(isDirectory ? "a file" : "a directory"), \(result) is "
          + "\(isDirectory ? "a directory" : "a file"); give two files or two directories")
    }
    guard isDirectory else {
      let name = URL(filePath: result).lastPathComponent
      items = [Item(name: name, result: result, target: target, input: input, mask: mask)]
      targets = [target]
      inputs = [input].compactMap(\.self)
      return
    }
    try matchDirectories(mask)
  }

  private mutating func matchDirectories(_ mask: String?) throws {
    let results = try Self.files(result, notes: &notes)
    let others = try Self.files(target, notes: &notes)
    let sources = try input.map { try Self.files($0, notes: &notes) }
    var masks: [String: String]?
    if let mask, Self.isSet(mask) { masks = try Self.files(mask, notes: &notes) }
    for (name, path) in results.sorted(by: { $0.key < $1.key }) {
      items.append(
        Item(
          name: name, result: path, target: others[name], input: sources?[name],
          mask: masks == nil ? mask : masks?[name]))
    }
    targets = others.sorted { $0.key < $1.key }.map(\.value)
    inputs = (sources ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    guard hasPairs else { return }
    note(results, without: others, in: target, of: result)
    note(others, without: results, in: result, of: target)
    if let masks, let mask {
      let paired = results.filter { others[$0.key] != nil }
      let missing = paired.keys.filter { masks[$0] == nil }.sorted()
      if !missing.isEmpty {
        notes.append(
          "\(Self.list(missing)) of \(result) \(missing.count == 1 ? "has" : "have") no mask in "
            + "\(mask): all of the image counts")
      }
    }
  }

  private mutating func note(
    _ files: [String: String], without others: [String: String], in directory: String,
    of own: String
  ) {
    let missing = files.keys.filter { others[$0] == nil }.sorted()
    guard !missing.isEmpty else { return }
    unmatched += missing.count
    notes.append(
      "\(missing.count) of \(files.count) files of \(own) \(missing.count == 1 ? "has" : "have") no "
        + "partner in \(directory): \(Self.list(missing))")
  }

  /// Whether a path is a directory of images, not one image: a folder of slices is a volume.
  private static func isSet(_ path: String) -> Bool {
    OutputFile.isDirectory(path) && !EvaluatedVolumes.isVolume(path)
  }

  /// The first few names.
  static func list(_ names: [String]) -> String {
    let shown = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
  }

  /// The images of a directory by their path without ending.
  private static func files(
    _ directory: String, notes: inout [String]
  ) throws -> [String: String] {
    guard OutputFile.exists(directory) else {
      throw UsageError("\(directory): looking for images: there is no such directory")
    }
    let scan = InputScan(isRecursive: true, takesVolumes: true, takesStacks: true)
    let paths = try scan.images(in: directory)
    guard !paths.isEmpty else {
      throw UsageError("\(directory): looking for images: there is none in it")
    }
    var files: [String: String] = [:]
    for path in paths {
      let name = EvaluatedVolumes.name(path)
      let file = "\(directory.hasSuffix("/") ? String(directory.dropLast()) : directory)/\(path)"
      if let known = files[name] {
        notes.append("\(file) has the same name as \(known) and is left out")
      } else {
        files[name] = file
      }
    }
    return files
  }
}

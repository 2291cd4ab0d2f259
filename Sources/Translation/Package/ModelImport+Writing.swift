import Base
import Foundation
import ModelGraph

extension ModelImport {
  /// Writes the package, complete or not at all.
  public func write(to path: String, overwrite: Bool) throws(TesseraError) {
    let action = "writing the package"
    let target = URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL
    let files = FileManager.default
    let exists = files.fileExists(atPath: target.path)
    if exists {
      guard overwrite else {
        throw TesseraError(path, action, "it exists already; use --overwrite to replace it")
      }
      guard files.fileExists(atPath: target.appending(path: ModelPackage.manifestName).path) else {
        throw TesseraError(path, action, "it exists and is no model package; choose another name")
      }
    }
    try AtomicFolder.write(target.path, replaces: exists, action: action) {
      part throws(TesseraError) in
      do {
        try writeFiles(to: URL(filePath: part, directoryHint: .isDirectory))
      } catch {
        throw TesseraError(
          path, action, "it cannot be written; check that there is room and the folder is writable")
      }
    }
  }

  private func writeFiles(to directory: URL) throws {
    let manifest = package.manifest
    try Self.encoded(manifest).write(to: directory.appending(path: ModelPackage.manifestName))
    try onnx.write(to: directory.appending(path: manifest.model.file))
    if let name = manifest.golden { try golden.write(to: directory.appending(path: name)) }
    try Data((givenCard ?? card).utf8).write(to: directory.appending(path: "README.md"))
  }

  /// `pair.json`, for a reader.
  static func encoded(_ manifest: ModelManifest) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(manifest)
  }

  /// The model card: what is known is filled in, what only its author knows is asked for.
  private var card: String {
    let manifest = package.manifest
    let footprint = package.footprint
    let reach =
      footprint.map {
        "halo \($0.halo) px, alignment \($0.alignment) px, scale \($0.scale)"
      } ?? "not known: \(package.obstacle?.description ?? "")"
    let norms = footprint?.statistics.count { $0.isNorm } ?? 0
    return """
      # \(manifest.title)

      \(manifest.summary)

      | | |
      |---|---|
      | from | \(manifest.sourceDomain) |
      | to | \(manifest.targetDomain) |
      | licence | \(manifest.license) |
      | parameters | \(package.graph.parameterCount) |
      | surroundings | \(reach) |
      | norms that look at the whole picture | \(norms) |

      ## Data and training

      Say here what it was trained on, for how long, and at what resolution.

      ## Known failures

      Say here where it fails.
      \(notes.isEmpty ? "" : "\n## Assumed at import\n\n" + notes.map { "- \($0)" }.joined(separator: "\n"))
      """
  }
}

import Base
import Foundation
import Inference
import TesseraPlugin
import Translation

/// What is looked at before a plugin gets its place.
struct InstallCheck {
  /// The plugin's name.
  let id: String
  /// Its pairs.
  let pairs: [LibraryInspection.Pair]
  /// What could not be checked, one line each.
  private(set) var notes: [String] = []

  /// Checks a plugin in a folder that is not its own yet; a library gets its manifest there.
  ///
  /// `inspector` loads a library, in a process of its own.
  init(
    _ folder: PluginFolder, inspector: LibraryInspection.Program
  ) throws(TesseraError) {
    switch folder.content {
    case .model(let manifest):
      (id, pairs) = (manifest.id, [Self.pair(manifest.description)])
      guard PluginName.isValid(id) else {
        throw Self.refusal(
          folder,
          "\(PluginFolder.pairName): its id '\(id)' is not in kebab case (lower-case letters,"
            + " digits, hyphens)")
      }
      try check(manifest, folder)
    case .process(let manifest):
      (id, pairs) = (manifest.id, [Self.pair(manifest.description)])
      try Self.check(manifest, in: folder.url)
    case .swift(let library, let manifest?):
      let digest = try Self.digest(library, folder)
      guard digest == manifest.sha256.lowercased() else {
        throw Self.refusal(
          folder,
          "\(manifest.library) is not the file that \(SwiftManifest.name) describes; build the"
            + " plugin again")
      }
      (id, pairs) = (manifest.id, try Self.load(folder.url, library, inspector))
      let registered = Set(pairs.map(\.id))
      let listed = Set(manifest.pairs)
      guard registered == listed else {
        throw Self.refusal(
          folder,
          "it registers \(Self.list(registered)), but \(SwiftManifest.name) lists"
            + " \(Self.list(listed)); build the plugin again")
      }
    case .swift(let library, nil):
      let name = PluginFolder.name(of: library)
      guard PluginName.isValid(name) else {
        throw Self.refusal(
          folder, "its name makes no id in kebab case; name it like libSepia.so")
      }
      (id, pairs) = (name, try Self.load(library, library, inspector))
      try write(library, folder)
    }
  }

  private mutating func check(
    _ manifest: ModelManifest, _ folder: PluginFolder
  ) throws(TesseraError) {
    let file = folder.url.appending(path: manifest.model.file)
    guard try Self.digest(file, folder) == manifest.model.sha256.lowercased() else {
      throw Self.refusal(
        folder,
        "\(manifest.model.file) is not the file that \(PluginFolder.pairName) describes; copy the"
          + " package again")
    }
    let engine: InferenceEngine
    do throws(TesseraError) {
      engine = try InferenceEngine()
    } catch {
      notes.append("the network was not tried, only its sha256: \(error.description)")
      return
    }
    do {
      _ = try ModelPackage.open(folder.url.path, engine: engine)
    } catch {
      throw error.naming(folder.url.path, PluginFolder.action)
    }
    if manifest.golden == nil {
      notes.append("it has no golden sample, so its network was opened but not tried")
    }
  }

  /// Says which hidden files of a folder are not installed, but for those of tools.
  mutating func noteLeftOut(of source: String) {
    let usual: Set<String> = [
      ".git", ".gitignore", ".gitattributes", ".github", ".build", ".swiftpm", ".DS_Store",
      ".vscode",
      ".idea", ".pytest_cache", ".mypy_cache", ".ruff_cache",
    ]
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: source)) ?? []).sorted()
    let hidden = names.filter { $0.hasPrefix(".") && !usual.contains($0) }
    guard !hidden.isEmpty else { return }
    notes.append(
      "hidden files are not installed: \(hidden.joined(separator: ", ").inOneLine)")
  }

  private static func pair(_ description: PairDescription) -> LibraryInspection.Pair {
    .init(id: description.id, version: description.version, title: description.title)
  }

  /// Refuses a program whose files were left out.
  static func check(_ manifest: ProcessManifest, in folder: URL) throws(TesseraError) {
    for part in manifest.process.command where !part.hasPrefix("/") && !part.hasPrefix("-") {
      let place = EntryName(part)
      let isHidden = place.isLeftOut && !place.components.isEmpty && part.contains("/")
      guard isHidden || place.isLeftOut && FileManager.default.fileExists(atPath: part) else {
        continue
      }
      throw TesseraError(
        folder.path, PluginFolder.action,
        "process.command names '\(part.inOneLine)', which is hidden, and hidden files are not"
          + " installed; name it without a dot, or list what the program needs in"
          + " \(PythonEnvironment.requirements)")
    }
    guard let program = manifest.process.command.first, program.contains("/"),
      !program.hasPrefix("/"),
      !FileManager.default.fileExists(atPath: folder.appending(path: program).path)
    else { return }
    throw TesseraError(
      folder.path, PluginFolder.action,
      "process.command names '\(program.inOneLine)', and there is no such file in the plugin; put it"
        + " there, or correct it")
  }

  /// Has the library registered, once its file says that it is one.
  private static func load(
    _ url: URL, _ library: URL, _ inspector: LibraryInspection.Program
  ) throws(TesseraError) -> [LibraryInspection.Pair] {
    try LibrarySymbols.check(library.path)
    return try LibraryInspection.of(url, by: inspector)
  }

  /// The manifest of a library that came without one; it has been loaded, so it is of this interface
  /// and compiler.
  private func write(_ library: URL, _ folder: PluginFolder) throws(TesseraError) {
    let manifest = SwiftManifest(
      id: id, library: library.lastPathComponent, sha256: try Self.digest(library, folder),
      abi: builtPluginABIVersion(), toolchain: String(cString: builtPluginToolchain()),
      pairs: pairs.map(\.id))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try encoder.encode(manifest).write(
        to: library.deletingLastPathComponent().appending(path: SwiftManifest.name))
    } catch {
      throw Self.refusal(folder, "\(SwiftManifest.name) cannot be written: \(error)")
    }
  }

  private static func digest(_ file: URL, _ folder: PluginFolder) throws(TesseraError) -> String {
    do throws(SystemFailure) {
      return try FileDigest.sha256(at: file.path)
    } catch {
      throw refusal(folder, "\(file.lastPathComponent): \(error.whileReading)")
    }
  }

  private static func list(_ ids: Set<String>) -> String {
    ids.isEmpty ? "nothing" : ids.sorted().joined(separator: ", ")
  }

  private static func refusal(_ folder: PluginFolder, _ reason: String) -> TesseraError {
    TesseraError(folder.url.path, PluginFolder.action, reason)
  }
}

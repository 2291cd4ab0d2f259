import Base
public import Foundation
import Translation

/// A plugin on disk, told by what is in its folder; nothing of it has been loaded.
public struct PluginFolder: Sendable {
  /// What is known without loading it.
  public enum Content: Sendable {
    /// A network.
    case model(ModelManifest)
    /// A program.
    case process(ProcessManifest)
    /// A library in Swift; a library without a folder has no manifest.
    case swift(library: URL, SwiftManifest?)
  }

  /// The folder, or the library itself.
  public let url: URL
  /// What is known without loading it.
  public let content: Content

  /// How it is made.
  public var kind: PluginKind {
    switch content {
    case .model: .model
    case .process: .process
    case .swift: .swift
    }
  }

  /// Where `tessera plugin build` leaves a plugin of the source folder that it is in.
  public static let builtName = "built"
  /// The manifest of pairs without code and of programs.
  public static let pairName = "pair.json"

  static let action = "opening the plugin"

  /// Whether there is something at `url` that might be a plugin.
  static func isCandidate(_ url: URL) -> Bool {
    isLibrary(url) || has(url, pairName) || has(url, SwiftManifest.name)
      || has(url, "\(builtName)/\(SwiftManifest.name)")
  }

  /// Reads the manifest of a folder, or takes a library as it is.
  public init(_ url: URL) throws(TesseraError) {
    let built = url.appending(path: Self.builtName, directoryHint: .isDirectory)
    let isSource =
      !Self.has(url, SwiftManifest.name) && !Self.has(url, Self.pairName)
      && Self.has(built, SwiftManifest.name)
    let url = isSource ? built : url
    self.url = url
    if Self.isLibrary(url) {
      content = .swift(library: url, nil)
    } else if Self.has(url, SwiftManifest.name) {
      let manifest = try ManifestReader.read(SwiftManifest.self, SwiftManifest.name, in: url)
      content = .swift(library: url.appending(path: manifest.library), manifest)
    } else if Self.has(url, Self.pairName) {
      content =
        try ManifestReader.has("process", Self.pairName, in: url)
        ? .process(try ManifestReader.read(ProcessManifest.self, Self.pairName, in: url))
        : .model(try ManifestReader.read(ModelManifest.self, Self.pairName, in: url))
    } else {
      throw TesseraError(url.path, Self.action, Self.absence(url))
    }
  }

  private static func absence(_ url: URL) -> String {
    if !FileManager.default.fileExists(atPath: url.path) {
      return "there is no such file or folder"
    }
    if has(url, "Package.swift") {
      return "it has not been built yet; run 'tessera plugin build \(url.path)'"
    }
    return "it holds neither \(pairName) nor \(SwiftManifest.name), so it is no plugin"
  }

  /// Whether there is a library without a folder at `url`.
  static func isLibrary(_ url: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return ["so", "dylib"].contains(url.pathExtension)
      && FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
      && !isDirectory.boolValue
  }

  private static func has(_ url: URL, _ name: String) -> Bool {
    FileManager.default.fileExists(atPath: url.appending(path: name).path)
  }
}

extension PluginFolder {
  /// The plugin's name: that of a manifest, or of a library without one.
  var name: String {
    switch content {
    case .model(let manifest): manifest.id
    case .process(let manifest): manifest.id
    case .swift(let library, let manifest): manifest?.id ?? Self.name(of: library)
    }
  }

  /// The pairs that its manifest lists; none for a library without one.
  var listedPairs: [String] {
    switch content {
    case .model(let manifest): [manifest.id]
    case .process(let manifest): [manifest.id]
    case .swift(_, let manifest): manifest?.pairs ?? []
    }
  }

  /// `libStainTransfer.so` is called `stain-transfer`.
  static func name(of library: URL) -> String {
    let stem = library.deletingPathExtension().lastPathComponent
    return PluginName.kebab(stem.hasPrefix("lib") ? String(stem.dropFirst(3)) : stem)
  }
}

/// How a pair is made.
public enum PluginKind: String, Sendable, Codable, CaseIterable {
  /// Part of the program.
  case builtIn = "built-in"
  /// A network with a manifest: no code.
  case model
  /// A dynamic library in Swift.
  case swift
  /// A program in any language, which talks over pipes.
  case process

  /// Whether using it runs code that came with it.
  public var runsCode: Bool { self == .swift || self == .process }
}

import Base
public import Foundation
public import TesseraPlugin
public import Translation

/// Puts plugins into the user's folder, whole and checked or not at all, and takes them out of it.
public struct PluginInstaller {
  static let action = "installing the plugin"
  static let removal = "removing the plugin"

  /// What a plugin may bring along.
  var limits = InstallLimits()
  private let path: PluginPath
  private let builtIn: PluginRegistry
  private let inspector: LibraryInspection.Program
  private let isCancelled: () -> Bool
  private let onWait: () -> Void

  /// Works on the user's folder of `path`; `builtIn` holds the pairs of the program itself, and
  /// `inspector` loads libraries.
  ///
  /// Where `isCancelled` becomes true an error is thrown and nothing is left behind. `onWait` is called
  /// when another process is changing the folder.
  public init(
    _ path: PluginPath, builtIn: PluginRegistry, inspector: LibraryInspection.Program,
    isCancelled: @escaping () -> Bool = { false },
    onWait: @escaping () -> Void = {}
  ) {
    self.path = path
    self.builtIn = builtIn
    self.inspector = inspector
    self.isCancelled = isCancelled
    self.onWait = onWait
  }

  /// Installs a folder, an archive or a library; throws ``AlreadyInstalled`` or a `TesseraError`.
  ///
  /// `sha256` is what the archive or library must have.
  public func install(
    _ source: String, sha256: String? = nil, overwrite: Bool = false
  ) throws -> InstalledPlugin {
    let plugins = try userFolder()
    let lock = try lock()
    defer { withExtendedLifetime(lock) {} }
    PartFolder.removeStale(in: plugins)
    let part = try PartFolder(in: plugins)
    do {
      try PluginSource(source, sha256: sha256, limits: limits, isCancelled: isCancelled)
        .unpack(to: part.content)
      let folder = try PluginFolder(Self.root(of: part.content))
      var check = try InstallCheck(folder, inspector: inspector)
      try checkNames(check, kind: folder.kind)
      let target = plugins.appending(path: check.id, directoryHint: .isDirectory)
      let isThere = Self.isThere(target)
      guard !isThere || overwrite else { throw AlreadyInstalled(source: source, id: check.id) }
      guard !isCancelled() else { throw Self.interruption(source) }
      if case .process(let manifest) = folder.content {
        try PythonEnvironment.make(in: folder.url, manifest, isCancelled: isCancelled)
      }
      check.noteLeftOut(of: source)
      let trusted = try publish(folder, check, part, target)
      return InstalledPlugin(
        id: check.id, kind: folder.kind, url: target, pairs: check.pairs, isReplacement: isThere,
        trusted: trusted?.sha256, notes: check.notes)
    } catch let error as TesseraError {
      throw Self.named(error, source, part)
    }
  }

  /// Removes a plugin from the user's folder, and what was trusted with it; a link goes away, and not
  /// what it leads to.
  public func remove(_ plugin: URL) throws(TesseraError) {
    let plugins = try userFolder()
    let lock = try lock()
    defer { withExtendedLifetime(lock) {} }
    PartFolder.removeStale(in: plugins)
    try PartFolder(in: plugins).take(plugin)
    var trust = TrustRecord(for: path)
    let name = plugin.lastPathComponent
    guard trust[name] != nil else { return }
    trust[name] = nil
    try trust.save()
  }

  static func interruption(_ path: String) -> TesseraError {
    TesseraError(path, action, "it was interrupted; nothing was changed")
  }

  /// The plugin in what has been unpacked: all of it, or its only folder or file.
  static func root(of content: URL) -> URL {
    guard !PluginFolder.isCandidate(content),
      let names = try? FileManager.default.contentsOfDirectory(atPath: content.path),
      names.count == 1
    else { return content }
    return content.appending(path: names[0])
  }

  private static func isThere(_ url: URL) -> Bool {
    var status = stat()
    return lstat(url.path, &status) == 0
  }

  /// Records the plugin's files if they are code, and gives it its place.
  ///
  /// The record comes first: a process that is killed in between leaves no plugin, or an old one that
  /// counts as changed.
  private func publish(
    _ folder: PluginFolder, _ check: InstallCheck, _ part: PartFolder, _ target: URL
  ) throws(TesseraError) -> TrustedPlugin? {
    let content =
      switch folder.content {
      case .swift(let library, _): library.deletingLastPathComponent()
      case .model, .process: folder.url
      }
    let before = TrustRecord(for: path)
    var trust = before
    trust[check.id] =
      folder.kind.runsCode
      ? TrustedPlugin(
        version: Self.joined(check.pairs.map(\.version)),
        title: Self.joined(check.pairs.map(\.title)), files: try TrustRecord.files(of: content))
      : nil
    let isNew = trust[check.id] != before[check.id]
    if isNew { try trust.save(coming: check.id) }
    do throws(TesseraError) {
      try part.publish(content, as: target)
    } catch {
      var before = before
      if isNew { try before.save() }
      throw error
    }
    return trust[check.id]
  }

  /// Each once, in order.
  private static func joined(_ texts: [String]) -> String {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }.joined(separator: ", ")
  }

  /// Refuses pairs that an earlier one of the same name would hide.
  private func checkNames(_ check: InstallCheck, kind: PluginKind) throws(TesseraError) {
    let packages = PluginSearch(path, in: .builtIn).found.flatMap {
      (try? PluginFolder($0))?.listedPairs ?? []
    }
    for pair in check.pairs where builtIn.pair(pair.id) != nil || packages.contains(pair.id) {
      throw TesseraError(
        check.id, Self.action,
        "the pair \(pair.id) is built in, so this one could never be used; give it another id")
    }
    for url in PluginSearch(path, in: .user).found
    where url.lastPathComponent != check.id {
      guard let other = try? PluginFolder(url) else { continue }
      for pair in check.pairs where other.listedPairs.contains(pair.id) {
        let name = url.lastPathComponent
        throw TesseraError(
          check.id, Self.action,
          "the pair \(pair.id) is that of the plugin \(name); remove it first with 'tessera plugin"
            + " remove \(name)'")
      }
    }
  }

  /// An error in words that lead to what the user named.
  private static func named(
    _ error: TesseraError, _ source: String, _ part: PartFolder
  ) -> TesseraError {
    let reason = error.reason.replacing("\(part.content.path)/", with: "").inOneLine
    let isOurs = error.path.hasPrefix(part.url.path) || error.path == source
    return TesseraError(isOurs ? source : error.path, isOurs ? action : error.action, reason)
  }

  private func lock() throws(TesseraError) -> InstallLock {
    try InstallLock(
      in: path.user.deletingLastPathComponent(), isCancelled: isCancelled, onWait: onWait)
  }

  /// The user's folder of plugins, made if it is missing.
  private func userFolder() throws(TesseraError) -> URL {
    let folder = path.user.absoluteURL.standardizedFileURL
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw TesseraError(
        folder.path, Self.action,
        "the folder cannot be made; check its permissions, or name another with XDG_DATA_HOME")
    }
    return folder
  }
}

/// What has been installed.
public struct InstalledPlugin: Sendable {
  /// Its name, which is that of its folder.
  public let id: String
  /// How it is made.
  public let kind: PluginKind
  /// Its folder.
  public let url: URL
  /// Its pairs.
  public let pairs: [LibraryInspection.Pair]
  /// Whether it took the place of another.
  public let isReplacement: Bool
  /// For code: a digest of all its files as they are trusted now.
  public let trusted: String?
  /// What could not be checked, one line each.
  public let notes: [String]
}

/// There is a plugin of this name, and it was not to be replaced.
public struct AlreadyInstalled: Error, Sendable, CustomStringConvertible {
  /// What was to be installed, as the user named it.
  public let source: String
  /// The name.
  public let id: String

  /// One line: what is in the way and what to do.
  public var description: String {
    "\(source): \(PluginInstaller.action): \(id) is installed already; use --overwrite to replace it"
  }
}

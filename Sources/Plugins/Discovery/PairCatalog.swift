import Base
public import Foundation
public import TesseraPlugin
public import Translation

/// All pairs that can be used: built in, and of the plugins in all places.
///
/// Places are asked in order, the first to have a pair wins. What is broken becomes a complaint and
/// stops nothing. Manifests are read; of libraries only those are loaded that may have what is looked
/// for, and networks and programs are left alone.
public final class PairCatalog {
  /// What was wrong with plugins, one line each, in the order in which they were found.
  public private(set) var complaints: [String] = []
  private let path: PluginPath
  private let builtIn: PluginRegistry
  private lazy var trust = TrustRecord(for: path)

  /// Looks in the places of `path`; `builtIn` holds the pairs of the program itself.
  public init(_ path: PluginPath, builtIn: PluginRegistry) {
    self.path = path
    self.builtIn = builtIn
  }

  /// The pair called `id`, from the first place that has it.
  public func pair(_ id: String) -> CatalogedPair? {
    for place in PluginPlace.allCases {
      if let found = pairs(in: place, named: id).first(where: { $0.description.id == id }) {
        return found
      }
    }
    return nil
  }

  /// Every pair, by identifier; those that an earlier place hides become complaints.
  public func all() -> [CatalogedPair] {
    var first: [String: CatalogedPair] = [:]
    for place in PluginPlace.allCases {
      for found in pairs(in: place, named: nil) {
        let id = found.description.id
        guard let winner = first[id] else {
          first[id] = found
          continue
        }
        complaints.append(
          "\(found.url?.path ?? "built in"): a second pair called \(id) is not used; the one that is"
            + " comes from \(winner.url?.path ?? "the program itself")")
      }
    }
    return first.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The pairs of the plugin at `url`.
  public func pairs(of url: URL, place: PluginPlace) throws(TesseraError) -> [CatalogedPair] {
    try pairs(of: PluginFolder(url), place: place, named: nil)
  }

  private func pairs(in place: PluginPlace, named id: String?) -> [CatalogedPair] {
    let types: [CatalogedPair] =
      place == .builtIn
      ? builtIn.pairs.map {
        CatalogedPair(
          description: $0.description, source: .ready($0), kind: .builtIn, place: .builtIn, url: nil
        )
      } : []
    let search = PluginSearch(path, in: place)
    for complaint in search.complaints where !complaints.contains(complaint) {
      complaints.append(complaint)
    }
    return types + search.found.flatMap { pairs(orComplaint: $0, place, id) }
  }

  private func pairs(
    orComplaint url: URL, _ place: PluginPlace, _ id: String?
  ) -> [CatalogedPair] {
    do throws(TesseraError) {
      return try pairs(of: PluginFolder(url), place: place, named: id)
    } catch {
      if !complaints.contains(error.description) { complaints.append(error.description) }
      return []
    }
  }

  private func pairs(
    of folder: PluginFolder, place: PluginPlace, named id: String?
  ) throws(TesseraError) -> [CatalogedPair] {
    func cataloged(
      _ description: PairDescription, _ source: CatalogedPair.Source
    ) -> CatalogedPair {
      CatalogedPair(
        description: description, source: source, kind: folder.kind, place: place, url: folder.url,
        trusted: folder.kind.runsCode && place == .user
          ? trust[folder.url.lastPathComponent]?.sha256 : nil)
    }
    switch folder.content {
    case .model(let manifest):
      return [cataloged(manifest.description, .model(manifest, folder: folder.url))]
    case .process(let manifest):
      if let id, manifest.id != id { return [] }
      // Before it is looked at: what changes from here on is noticed when copies are started.
      let files = FolderSurvey(folder.url, hasHidden: false)
      try check(folder, place)
      // What was read before must be what was trusted.
      guard case .process(let again) = try PluginFolder(folder.url).content, again == manifest
      else {
        throw TesseraError(
          folder.url.path, PluginFolder.action, "it was replaced just now; start tessera again")
      }
      return [
        cataloged(manifest.description, .process(manifest, folder: folder.url, files: files))
      ]
    case .swift(let library, let manifest):
      if let id, let manifest, !manifest.pairs.contains(id) { return [] }
      let files = FolderSurvey(library.deletingLastPathComponent(), hasHidden: false)
      try check(folder, place)
      let (pairs, faults) = try SwiftPluginLoader.load(library, manifest: manifest)
      if place == .user,
        files.firstChange(
          in: FolderSurvey(library.deletingLastPathComponent(), hasHidden: false)) != nil
      {
        throw TesseraError(
          folder.url.path, PluginFolder.action, "it was replaced just now; start tessera again")
      }
      for fault in faults where !complaints.contains(fault) { complaints.append(fault) }
      return pairs.map { cataloged($0.description, .ready($0)) }
    }
  }

  /// Code in the user's folder runs only as it was installed.
  private func check(_ folder: PluginFolder, _ place: PluginPlace) throws(TesseraError) {
    guard place == .user, let fault = trust.fault(of: folder) else { return }
    throw TesseraError(folder.url.path, PluginFolder.action, fault)
  }
}

/// A pair that was found, and where; a network or a program has not been started yet.
public struct CatalogedPair: Sendable {
  /// What there is to run.
  public enum Source: Sendable {
    /// A Swift type: built in, or of a plugin that has been loaded.
    case ready(any DomainPair)
    /// A network in the folder.
    case model(ModelManifest, folder: URL)
    /// A program in the folder, whose files these were.
    case process(ProcessManifest, folder: URL, files: FolderSurvey)
  }

  /// What the user is told about it.
  public let description: PairDescription
  /// What there is to run.
  public let source: Source
  /// How it is made.
  public let kind: PluginKind
  /// Where it was found.
  public let place: PluginPlace
  /// The folder or library that it came from; nil for what is built in.
  public let url: URL?
  /// For code that the user installed: the digest of all its files as they were recorded then, and found
  /// unchanged now.
  public var trusted: String?
}

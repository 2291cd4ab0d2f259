import Base
public import Foundation
import TesseraPlugin
import Translation

/// The plugins in all folders, told by their manifests and the record of what is trusted.
///
/// Nothing is loaded: a plugin that crashes is listed like any other, so that it can be removed.
public struct PluginListing {
  /// In the order in which places are asked, by name within a folder.
  public private(set) var plugins: [ListedPlugin] = []
  /// What is wrong with places that the user named, one line each.
  public private(set) var complaints: [String] = []
  private let trust: TrustRecord

  /// Looks in the places of `path`.
  public init(_ path: PluginPath) {
    trust = TrustRecord(for: path)
    for place in PluginPlace.allCases where place != .builtIn {
      let search = PluginSearch(path, in: place)
      complaints += search.complaints
      plugins += search.found.map { listed($0, place) }
    }
  }

  private func listed(_ url: URL, _ place: PluginPlace) -> ListedPlugin {
    let folder: PluginFolder
    do throws(TesseraError) {
      folder = try PluginFolder(url)
    } catch {
      return ListedPlugin(
        id: url.lastPathComponent, kind: nil, version: nil, title: nil, pairs: [], place: place,
        url: url, state: .broken(error.reason))
    }
    let trusted = place == .user ? trust[url.lastPathComponent] : nil
    let (version, title): (String?, String?) =
      switch folder.content {
      case .model(let manifest): (manifest.version, manifest.title)
      case .process(let manifest): (manifest.version, manifest.title)
      case .swift: (trusted?.version, trusted?.title)
      }
    return ListedPlugin(
      id: folder.name, kind: folder.kind, version: version, title: title,
      pairs: folder.listedPairs, place: place, url: url, state: state(of: folder, place))
  }

  private func state(of folder: PluginFolder, _ place: PluginPlace) -> ListedPlugin.State {
    if let fault = Self.fault(of: folder) { return .broken(fault) }
    guard folder.kind.runsCode else { return .plain }
    guard place == .user else { return .unasked }
    return trust.fault(of: folder).map { .broken($0) } ?? .trusted
  }

  /// What can be told without loading it.
  private static func fault(of folder: PluginFolder) -> String? {
    switch folder.content {
    case .model(let manifest):
      let file = folder.url.appending(path: manifest.model.file)
      guard FileManager.default.fileExists(atPath: file.path) else {
        return "\(manifest.model.file) is missing; copy the package whole"
      }
    case .process: break
    case .swift(let library, let manifest):
      guard FileManager.default.fileExists(atPath: library.path) else {
        return "\(library.lastPathComponent) is missing; build the plugin again"
      }
      guard let manifest else { return nil }
      do throws(TesseraError) {
        try SwiftPluginLoader.check(
          library.path, abi: manifest.abi, toolchain: manifest.toolchain)
      } catch {
        return error.reason
      }
    }
    return nil
  }
}

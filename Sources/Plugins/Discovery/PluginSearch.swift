import Foundation

/// What may be a plugin in a place; nothing of it has been read.
struct PluginSearch {
  /// Folders and libraries: those of one folder by name, and folders in the order of the place.
  private(set) var found: [URL] = []
  /// What is wrong with places that the user named, one line each.
  private(set) var complaints: [String] = []

  /// Looks in all folders of a place.
  init(_ path: PluginPath, in place: PluginPlace) {
    switch place {
    case .named: for name in path.named { look(name, isNamed: true) }
    case .environment: for name in path.environment { look(name, isNamed: true) }
    case .builtIn: if let folder = path.builtIn { look(folder.path, isNamed: false) }
    case .user: look(path.user.path, isNamed: false)
    case .system: look(path.system.path, isNamed: false)
    }
  }

  /// Takes a plugin that was named, or all in a folder.
  private mutating func look(_ path: String, isNamed: Bool) {
    let url = URL(filePath: path).absoluteURL.standardizedFileURL
    if isNamed, PluginFolder.isCandidate(url) {
      found.append(url)
      return
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path) else {
      if isNamed {
        let isThere = FileManager.default.fileExists(atPath: url.path)
        let reason =
          isThere ? "it is no library and no folder" : "there is no such file or folder"
        complaints.append("\(path): looking for plugins: \(reason)")
      }
      return
    }
    let plugins = names.filter { !$0.hasPrefix(".") }.sorted()
      .map { url.appending(path: $0).standardizedFileURL }.filter(PluginFolder.isCandidate)
    if plugins.isEmpty, isNamed {
      complaints.append("\(path): looking for plugins: there is none in it")
    }
    found += plugins
  }
}

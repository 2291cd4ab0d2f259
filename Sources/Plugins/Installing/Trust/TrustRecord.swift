import Base
public import Foundation
import Networks
import Translation

/// Which installed plugins may run code: those whose files are as they were when the user installed
/// them.
public struct TrustRecord: Sendable {
  private struct Content: Codable {
    var format = 1
    var plugins: [String: TrustedPlugin] = [:]
  }

  /// The file's name beside the folder of plugins.
  static let name = "trusted.json"

  private let plugins: URL
  private let file: URL
  private var content = Content()
  /// Why the file, which is there, cannot be used.
  private let damage: String?

  /// The record of the user's folder of plugins; none where the file is missing.
  public init(for path: PluginPath) {
    plugins = path.user.absoluteURL.standardizedFileURL
    file = plugins.deletingLastPathComponent().appending(path: Self.name)
    guard FileManager.default.fileExists(atPath: file.path) else {
      damage = nil
      return
    }
    guard let data = try? Data(contentsOf: file),
      let content = try? JSONDecoder().decode(Content.self, from: data), content.format == 1
    else {
      damage = "\(file.path) is damaged, so its code is not run; install it again"
      return
    }
    self.content = content
    damage = nil
  }

  /// What is recorded of a plugin.
  subscript(id: String) -> TrustedPlugin? {
    get { content.plugins[id] }
    set { content.plugins[id] = newValue }
  }

  /// Says why a plugin may not run, or nothing.
  ///
  /// A file of the same size and time counts as the same without being read. Whoever can set the time
  /// of a file back can also write this record, so that reading all files at every start would keep
  /// nobody out; what is to be noticed are files that something or somebody else changed.
  func fault(of folder: PluginFolder) -> String? {
    if let damage { return damage }
    let url = folder.url.absoluteURL.standardizedFileURL
    guard url.deletingLastPathComponent().path == plugins.path,
      let known = content.plugins[url.lastPathComponent], !Self.isLink(url)
    else {
      return "it was not installed with 'tessera plugin install', so its code is not run; install"
        + " it, or name it with --plugin"
    }
    let found = FolderSurvey(url).files
    for name in Set(known.files.keys).union(found.keys).sorted()
    where !Self.isSame(found[name], known.files[name], url.appending(path: name)) {
      return "\(name.inOneLine) changed since it was installed; install it again"
    }
    return nil
  }

  /// Takes all files of a folder as they are.
  static func files(of folder: URL) throws(TesseraError) -> [String: TrustedFile] {
    var files: [String: TrustedFile] = [:]
    for (name, look) in FolderSurvey(folder).files {
      let path = folder.appending(path: name).path
      do throws(SystemFailure) {
        let digest: String
        if let link = look.link {
          digest = Self.digest(ofLink: link)
        } else {
          digest = try FileDigest.sha256(at: path)
        }
        files[name] = TrustedFile(size: look.size ?? 0, modified: look.modified, sha256: digest)
      } catch {
        throw TesseraError(path, PluginInstaller.action, error.whileReading)
      }
    }
    return files
  }

  /// Writes the file, complete or not at all; plugins that are not there are forgotten, but for
  /// `coming`.
  mutating func save(coming: String? = nil) throws(TesseraError) {
    content.plugins = content.plugins.filter { id, _ in
      id == coming || FileManager.default.fileExists(atPath: plugins.appending(path: id).path)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try AtomicFile.write(
        try encoder.encode(content), to: file.path, action: PluginInstaller.action)
    } catch let error as TesseraError {
      throw error
    } catch {
      throw TesseraError(file.path, PluginInstaller.action, "it cannot be written: \(error)")
    }
  }

  private static func isSame(_ look: FolderSurvey.Look?, _ known: TrustedFile?, _ file: URL) -> Bool
  {
    guard let look, let known, look.size == known.size else { return false }
    if let link = look.link { return digest(ofLink: link) == known.sha256 }
    if look.modified == known.modified { return true }
    let digest: String
    do throws(SystemFailure) {
      digest = try FileDigest.sha256(at: file.path)
    } catch {
      return false
    }
    return digest == known.sha256
  }

  /// A link is trusted for where it leads to, and never taken for a file of that content.
  private static func digest(ofLink target: String) -> String {
    FileDigest.sha256(text: "link to \(target)")
  }

  private static func isLink(_ url: URL) -> Bool {
    var status = stat()
    return lstat(url.path, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR
  }
}

/// A file of a plugin as it was when the user installed it.
struct TrustedFile: Codable, Sendable, Hashable {
  /// Bytes.
  var size: Int
  /// Time of the last change, in nanoseconds since 1970.
  var modified: Int
  /// SHA-256, in hexadecimal.
  var sha256: String
}

/// A plugin that runs code, as it was when the user installed it.
struct TrustedPlugin: Codable, Sendable, Hashable {
  /// Version of its pairs, for who lists plugins without running them.
  var version: String
  /// Title of its pairs.
  var title: String
  /// All its files, by their way from its folder.
  var files: [String: TrustedFile]

  /// One digest for all.
  var sha256: String { FileDigest.sha256(of: files.map { ($0.key, $0.value.sha256) }) }
}

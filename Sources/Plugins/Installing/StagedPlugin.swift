import Base
public import Foundation
public import Translation

/// A copy of a plugin as it would be installed, in a folder of its own that goes away with the value.
public final class StagedPlugin: Sendable {
  /// The copy: a folder, or a library.
  public let url: URL
  private let folder: URL
  private let source: String

  static let action = "checking the plugin"

  /// Copies a folder, an archive or a library, with what installing leaves out left out.
  public init(_ source: String, isCancelled: @escaping () -> Bool = { false }) throws(TesseraError)
  {
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "tessera-check-\(random)", directoryHint: .isDirectory)
    guard mkdir(folder.path, 0o700) == 0 else {
      throw TesseraError(folder.path, Self.action, SystemFailure(code: errno).whileWriting)
    }
    do throws(TesseraError) {
      try PluginSource(source, sha256: nil, limits: InstallLimits(), isCancelled: isCancelled)
        .unpack(to: folder)
      url = PluginInstaller.root(of: folder).absoluteURL.standardizedFileURL
      let plugin = try PluginFolder(url)
      if case .process(let manifest) = plugin.content {
        try InstallCheck.check(manifest, in: plugin.url)
        try PythonEnvironment.make(in: plugin.url, manifest, isCancelled: isCancelled)
      }
    } catch {
      try? FileManager.default.removeItem(at: folder)
      let reason = Self.named(error.reason, folder, source)
      throw TesseraError(source, Self.action, reason)
    }
    self.folder = folder
    self.source = source
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A message about the copy in words that lead to what the user named.
  public func named(_ message: String) -> String { Self.named(message, url, source) }

  private static func named(_ message: String, _ copy: URL, _ source: String) -> String {
    let path = copy.path.hasSuffix("/") ? String(copy.path.dropLast()) : copy.path
    return message.replacing(path, with: source)
  }
}

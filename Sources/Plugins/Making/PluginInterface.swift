import Base
import Foundation

/// The compiled interface in the hidden folder `.sdk` of a plugin's package: the module that the plugin
/// imports, and the object that only its tests link.
struct PluginInterface {
  private static let keyName = "key"

  private let folder: URL
  private let sources: [URL]

  init(_ plugin: URL, sdk: SDKLocation) throws(TesseraError) {
    folder = plugin.appending(path: ".sdk", directoryHint: .isDirectory)
    do {
      sources = try FileManager.default.contentsOfDirectory(
        at: sdk.interface, includingPropertiesForKeys: nil
      ).filter { $0.pathExtension == "swift" }.sorted { $0.path < $1.path }
    } catch {
      throw TesseraError(
        sdk.interface.path, PluginBuild.action, "the interface cannot be read: \(error)")
    }
  }

  /// Compiles it by `run`, which tells whether the compiler succeeded, unless it is there for these
  /// sources and this `compiler`; false where it was there.
  func compile(
    compiler: String, _ run: ([String]) throws(TesseraError) -> Bool
  ) throws(TesseraError) -> Bool {
    let key = try key(compiler)
    let place = folder.appending(path: Self.keyName)
    guard (try? Data(contentsOf: place)) != key else { return false }
    let made = folder
    let arguments = sources.map(\.path)
    try AtomicFolder.write(folder.path, replaces: true, action: PluginBuild.action) {
      part throws(TesseraError) in
      // Hosts and plugins share the package's name, so that `package` compiles in the interface.
      let succeeded = try run(
        [
          "-module-name", "TesseraPlugin", "-package-name", "tessera", "-swift-version", "6",
          "-parse-as-library", "-O", "-whole-module-optimization", "-emit-module",
          "-emit-module-path", "\(part)/TesseraPlugin.swiftmodule", "-emit-object", "-o",
          "\(part)/TesseraPlugin.o",
        ] + arguments)
      guard succeeded else {
        throw TesseraError(
          made.path, PluginBuild.action,
          "the compiler refused the plugin interface; is it the one that this tessera was built with?"
        )
      }
      do {
        try key.write(to: URL(filePath: part).appending(path: Self.keyName))
      } catch {
        throw TesseraError(
          made.path, PluginBuild.action,
          "it cannot be written; check that there is room and the folder is writable")
      }
    }
    return true
  }

  /// What the compiled form depends on, as a digest.
  private func key(_ compiler: String) throws(TesseraError) -> Data {
    var all = Data(compiler.utf8)
    for source in sources {
      guard let data = try? Data(contentsOf: source) else {
        throw TesseraError(source.path, PluginBuild.action, "it cannot be read")
      }
      all += Data("\n\(source.lastPathComponent) \(data.count)\n".utf8) + data
    }
    return Data("\(SHA256Digest.hexadecimal(of: all))\n".utf8)
  }
}

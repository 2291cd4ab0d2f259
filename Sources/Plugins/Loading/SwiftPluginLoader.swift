import Base
import Foundation
import TesseraPlugin
import Translation

/// Loads Swift plugins: libraries that register pairs through two C symbols.
enum SwiftPluginLoader {
  private typealias ABI = @convention(c) () -> Int32
  private typealias Toolchain = @convention(c) () -> UnsafePointer<CChar>?
  private typealias Register = @convention(c) (UnsafeMutableRawPointer) -> Void

  /// The pairs that a library registers, and what is wrong with those that are left out.
  ///
  /// Nothing of a plugin of another interface or compiler is called but the two functions that tell.
  /// A library is never closed: its types stay in use.
  static func load(
    _ library: URL, manifest: SwiftManifest?
  ) throws(TesseraError) -> (pairs: [any DomainPair], faults: [String]) {
    let path = library.path
    if let manifest {
      try check(path, abi: manifest.abi, toolchain: manifest.toolchain)
      let folder = library.deletingLastPathComponent()
      for bundle in manifest.resources ?? []
      where !FileManager.default.fileExists(atPath: folder.appending(path: bundle).path) {
        throw TesseraError(
          path, PluginFolder.action,
          "its resources '\(bundle)' are not beside it; copy the whole folder, or build it again")
      }
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw TesseraError(
        path, PluginFolder.action, "there is no such library; build the plugin again")
    }
    // What is no plugin is not even loaded: that would run its code.
    try LibrarySymbols.check(path)
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw TesseraError(path, PluginFolder.action, refusal(String(cString: dlerror())))
    }
    guard let abi = dlsym(handle, "plugin_abi_version"),
      let register = dlsym(handle, "plugin_register")
    else {
      throw TesseraError(
        path, PluginFolder.action,
        "it is no plugin of Tessera: it has no plugin_abi_version and plugin_register")
    }
    try check(
      path, abi: unsafeBitCast(abi, to: ABI.self)(),
      toolchain: dlsym(handle, "plugin_toolchain").flatMap {
        unsafeBitCast($0, to: Toolchain.self)()
      }.map { String(cString: $0) })
    let registry = PluginRegistry()
    unsafeBitCast(register, to: Register.self)(Unmanaged.passUnretained(registry).toOpaque())
    var faults = registry.complaints.map { "\(path): \(PluginFolder.action): \($0)" }
    let pairs = registry.pairs.filter { pair in
      guard let fault = pair.description.fault else { return true }
      faults.append(
        "\(path): \(PluginFolder.action): the pair '\(pair.description.id)' is left out: \(fault)")
      return false
    }
    return (pairs, faults)
  }

  /// Refuses another interface or compiler.
  static func check(
    _ path: String, abi: Int32, toolchain: String?
  ) throws(TesseraError) {
    let own = String(cString: builtPluginToolchain())
    guard abi == builtPluginABIVersion() else {
      throw TesseraError(
        path, PluginFolder.action,
        "it was built for version \(abi) of the plugin interface, this is version"
          + " \(builtPluginABIVersion()); build it again with 'tessera plugin build'")
    }
    guard let toolchain, toolchain != own else { return }
    throw TesseraError(
      path, PluginFolder.action,
      "it was built with \(toolchain), this program with \(own); build it again with that and"
        + " 'tessera plugin build'")
  }

  /// What the loader says, in words that tell what to do.
  private static func refusal(_ message: String) -> String {
    let again = "build it again with 'tessera plugin build'"
    if message.contains("libTesseraPlugin") {
      return "it was built for an earlier version of the plugin interface (\(message)); \(again)"
    }
    guard message.contains("undefined symbol"), message.contains("TesseraPlugin") else {
      return "it cannot be loaded (\(message))"
    }
    // A class of the interface, as the loader looks for it.
    guard dlsym(nil, "$s13TesseraPlugin0B8RegistryCN") != nil else {
      return
        "this program does not export the plugin interface, which Swift plugins need; link it as"
        + " docs/library.md says under 'Swift plugins'"
    }
    return "it was built against another plugin interface (\(message)); \(again)"
  }
}

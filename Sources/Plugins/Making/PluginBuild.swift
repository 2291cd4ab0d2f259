import Base
public import Foundation
import Inference
import TesseraPlugin
import Translation

/// Makes the source folder of a plugin one that can be checked and installed.
public struct PluginBuild {
  /// What the build left.
  public struct Result: Sendable {
    /// The folder to check or install.
    public let url: URL
    /// How the plugin is made.
    public let kind: PluginKind
    /// Its pairs.
    public let pairs: [String]
  }

  static let action = "building the plugin"

  private let url: URL
  private let sdk: () throws(TesseraError) -> SDKLocation

  /// Takes the folder that `tessera plugin new` made; the SDK is looked for where it is needed.
  public init(
    _ url: URL,
    sdk: @escaping () throws(TesseraError) -> SDKLocation = { () throws(TesseraError) in
      try SDKLocation()
    }
  ) {
    self.url = url
    self.sdk = sdk
  }

  /// Builds a library, or makes the manifest of a network fit its files; a program needs no building,
  /// and its manifest is checked.
  public func run() throws -> Result {
    let files = FileManager.default
    if files.fileExists(atPath: url.appending(path: "Package.swift").path) { return try library() }
    guard files.fileExists(atPath: url.appending(path: PluginFolder.pairName).path) else {
      throw TesseraError(
        url.path, Self.action,
        "it holds neither Package.swift nor \(PluginFolder.pairName); make a plugin with 'tessera"
          + " plugin new'")
    }
    let folder = try PluginFolder(url)
    switch folder.content {
    case .model:
      let package = try ModelPackage.rebuild(url.path, engine: InferenceEngine())
      return Result(url: url, kind: .model, pairs: [package.manifest.id])
    case .process(let manifest):
      return Result(url: url, kind: .process, pairs: [manifest.id])
    case .swift:
      throw TesseraError(url.path, Self.action, "it is built already")
    }
  }

  private func library() throws -> Result {
    let sdk = try sdk()
    let swift = SwiftBuild(url, sdk: sdk)
    let name = try swift.libraryName()
    let products = try swift.build()
    let built = products.folder.appending(path: Self.fileName(name))
    guard let data = try? Data(contentsOf: built) else {
      throw TesseraError(
        url.path, Self.action,
        "the build left no \(built.path); the package needs a product '.library(name: …, type:"
          + " .dynamic, …)'")
    }
    let (pairs, faults) = try SwiftPluginLoader.load(built, manifest: nil)
    if let fault = faults.first { throw TesseraError(url.path, Self.action, fault) }
    guard !pairs.isEmpty else {
      throw TesseraError(url.path, Self.action, "it registers no pair; see Plugin.swift")
    }
    let manifest = SwiftManifest(
      id: PluginName.kebab(name), library: built.lastPathComponent,
      sha256: SHA256Digest.hexadecimal(of: data), abi: builtPluginABIVersion(),
      toolchain: String(cString: builtPluginToolchain()), pairs: pairs.map(\.description.id),
      resources: products.bundles.isEmpty ? nil : products.bundles)
    let target = url.appending(path: PluginFolder.builtName, directoryHint: .isDirectory)
    try write(manifest, data, products.resources, to: target)
    return Result(url: target, kind: .swift, pairs: manifest.pairs)
  }

  private static func fileName(_ library: String) -> String {
    #if os(macOS)
      "lib\(library).dylib"
    #else
      "lib\(library).so"
    #endif
  }

  /// Puts the library, its manifest and resources, its card and its golden pairs into a fresh folder.
  private func write(
    _ manifest: SwiftManifest, _ library: Data, _ resources: [String: Data], to target: URL
  ) throws(TesseraError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var files = resources
    do {
      // A new file: one that is loaded must not change under its program.
      files[manifest.library] = library
      files[SwiftManifest.name] = try encoder.encode(manifest)
      for name in try FileManager.default.contentsOfDirectory(atPath: url.path)
      where name == "README.md" || name.hasPrefix("golden") && name.hasSuffix(".safetensors") {
        files[name] = try Data(contentsOf: url.appending(path: name))
      }
    } catch {
      throw TesseraError(url.path, Self.action, "its files cannot be read: \(error)")
    }
    try AtomicFolder.write(files, to: target.path, replaces: true, action: Self.action)
  }
}

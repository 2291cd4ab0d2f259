import Base
import Foundation
import TesseraPlugin
import Translation

/// Runs the Swift package manager on a plugin.
struct SwiftBuild {
  /// What a build leaves.
  struct Products {
    /// The folder of products.
    let folder: URL
    /// The files of its bundles of resources, by path.
    let resources: [String: Data]

    /// Its bundles of resources.
    var bundles: [String] {
      Set(resources.keys.compactMap { $0.split(separator: "/").first.map(String.init) }).sorted()
    }
  }

  private let url: URL
  private let sdk: SDKLocation

  init(_ url: URL, sdk: SDKLocation) {
    self.url = url
    self.sdk = sdk
  }

  /// Builds for release.
  ///
  /// What the compiler says goes to standard error.
  func build() throws(TesseraError) -> Products {
    let compiler = try output("swiftc", ["--version"])
    let isNew = try PluginInterface(url, sdk: sdk).compile(compiler: compiler) {
      arguments throws(TesseraError) in
      try run("swiftc", arguments, takesOutput: false) != nil
    }
    // The package manager does not see that a module changed which it did not build itself.
    if isNew { _ = try run("swift", ["package", "clean"], takesOutput: false) }
    let path = try output("swift", ["build", "-c", "release", "--show-bin-path"])
    let folder = URL(
      filePath: path.trimmingCharacters(in: .newlines), directoryHint: .isDirectory)
    let resources = PluginResources(url, products: folder)
    try compile(resources)
    if try resources.findBundles() { try compile(resources) }
    return Products(folder: folder, resources: try resources.files())
  }

  private func compile(_ resources: PluginResources) throws(TesseraError) {
    #if os(macOS)
      let linking = ["-Xlinker", "-undefined", "-Xlinker", "dynamic_lookup"]
    #else
      let linking = ["-Xswiftc", "-use-ld=lld"]
    #endif
    let arguments = ["build", "-c", "release"] + linking + resources.arguments
    guard try run("swift", arguments, takesOutput: false) != nil else {
      throw TesseraError(
        url.path, PluginBuild.action, "the compiler refused it; what it said stands above")
    }
  }

  /// The name of the package's only dynamic library.
  func libraryName() throws(TesseraError) -> String {
    struct Description: Decodable {
      struct Product: Decodable {
        let name: String
        let type: [String: [String]?]
      }
      let products: [Product]
    }
    let text = try output("swift", ["package", "dump-package"])
    guard let description = try? JSONDecoder().decode(Description.self, from: Data(text.utf8))
    else { throw TesseraError(url.path, PluginBuild.action, "its Package.swift cannot be read") }
    guard !text.contains("\"tesseraplugin\"") else {
      throw TesseraError(
        url.path, PluginBuild.action,
        "its Package.swift depends on a package 'TesseraPlugin', which plugins no longer link; write it"
          + " as 'tessera plugin new' does")
    }
    let names = description.products.filter { $0.type["library"]??.contains("dynamic") == true }
      .map(\.name)
    guard names.count == 1 else {
      throw TesseraError(
        url.path, PluginBuild.action,
        "it has \(names.count) dynamic libraries among its products; a plugin is one")
    }
    return names[0]
  }

  private func output(_ program: String, _ arguments: [String]) throws(TesseraError) -> String {
    guard let data = try run(program, arguments, takesOutput: true) else {
      throw TesseraError(
        url.path, PluginBuild.action,
        "'\(program) \(arguments.joined(separator: " "))' failed; what it said stands above")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// Runs a program of the toolchain with `arguments`; nil where it fails.
  private func run(
    _ program: String, _ arguments: [String], takesOutput: Bool
  ) throws(TesseraError) -> Data? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = url
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = takesOutput ? pipe : FileHandle.standardError
    do {
      try process.run()
    } catch {
      throw TesseraError(url.path, PluginBuild.action, "no program can be started: \(error)")
    }
    let output = takesOutput ? pipe.fileHandleForReading.readDataToEndOfFile() : Data()
    process.waitUntilExit()
    guard process.terminationStatus != 127 else {
      throw TesseraError(
        url.path, PluginBuild.action,
        "the program '\(program)' is not in PATH; install the compiler that this tessera was built"
          + " with (\(String(cString: builtPluginToolchain())))")
    }
    return process.terminationStatus == 0 ? output : nil
  }
}

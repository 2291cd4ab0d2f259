import Base
import Foundation
import TesseraPlugin
import Translation

/// Runs the Swift package manager on a plugin.
struct SwiftBuild {
  private let url: URL
  private let sdk: SDKLocation

  init(_ url: URL, sdk: SDKLocation) {
    self.url = url
    self.sdk = sdk
  }

  /// Builds for release, and returns the folder of products.
  ///
  /// What the compiler says goes to standard error.
  func build() throws(TesseraError) -> URL {
    guard try run(["build", "-c", "release"], takesOutput: false) != nil else {
      throw TesseraError(
        url.path, PluginBuild.action, "the compiler refused it; what it said stands above")
    }
    guard let path = try run(["build", "-c", "release", "--show-bin-path"], takesOutput: true)
    else { throw TesseraError(url.path, PluginBuild.action, "the folder of products is not known") }
    return URL(
      filePath: String(decoding: path, as: UTF8.self).trimmingCharacters(in: .newlines),
      directoryHint: .isDirectory)
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
    guard let data = try run(["package", "dump-package"], takesOutput: true),
      let description = try? JSONDecoder().decode(Description.self, from: data)
    else {
      throw TesseraError(url.path, PluginBuild.action, "its Package.swift cannot be read")
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

  /// Runs `swift` with `arguments`; nil where it fails.
  private func run(_ arguments: [String], takesOutput: Bool) throws(TesseraError) -> Data? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["swift"] + arguments
    process.currentDirectoryURL = url
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["TESSERA_SDK": sdk.package.path]) { $1 }
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
        "the program 'swift' is not in PATH; install the compiler that this tessera was built with"
          + " (\(String(cString: builtPluginToolchain())))")
    }
    return process.terminationStatus == 0 ? output : nil
  }
}

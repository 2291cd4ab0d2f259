import Base
public import Foundation
public import Translation

/// The folder with what authors build on: the package `TesseraPlugin` and samples of each kind.
public struct SDKLocation: Sendable {
  /// The folder that holds `TesseraPlugin`.
  public let folder: URL

  /// The package that Swift plugins are built against.
  public var package: URL {
    folder.appending(path: Self.packageName, directoryHint: .isDirectory)
  }

  private static let packageName = "TesseraPlugin"

  /// Finds it: what `TESSERA_SDK` names, `share/tessera/plugins` of the installation, or the source
  /// folder that the program was built in.
  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    program: URL = PluginPath.programFolder
  ) throws(TesseraError) {
    if let named = environment["TESSERA_SDK"], !named.isEmpty {
      let url = URL(filePath: named, directoryHint: .isDirectory).standardizedFileURL
      let isPackage = Self.isPackage(url)
      guard isPackage || Self.isPackage(url.appending(path: Self.packageName)) else {
        throw TesseraError(
          named, "looking for the plugin SDK",
          "TESSERA_SDK names it, and there is no \(Self.packageName) in it")
      }
      folder = isPackage ? url.deletingLastPathComponent() : url
      return
    }
    var places = [program.appending(path: "../../share/tessera/plugins").standardizedFileURL]
    var above = program
    for _ in 0..<6 {
      places.append(above.appending(path: "plugins"))
      above.deleteLastPathComponent()
    }
    guard
      let found = places.first(where: { Self.isPackage($0.appending(path: Self.packageName)) })
    else {
      throw TesseraError(
        program.path, "looking for the plugin SDK",
        "there is none beside the program; install tessera with 'make install', or set TESSERA_SDK to"
          + " its folder 'plugins'")
    }
    folder = found
  }

  private static func isPackage(_ url: URL) -> Bool {
    url.lastPathComponent == packageName
      && FileManager.default.fileExists(atPath: url.appending(path: "Package.swift").path)
  }
}

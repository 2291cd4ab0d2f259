import Base
public import Foundation

/// What authors of plugins build on: the sources of the interface, and a sample of each kind.
public struct SDKLocation: Sendable {
  /// The folder that holds both: a checkout, or `share/tessera` of an installation.
  public let folder: URL

  /// The sources of the module that Swift plugins import.
  public var interface: URL { folder.appending(path: Self.interfacePath) }

  /// The folder of the samples.
  public var samples: URL { folder.appending(path: "plugins") }

  private static let interfacePath = "Sources/TesseraPlugin"

  /// Finds it: what `TESSERA_SDK` names, `share/tessera` of the installation, or the checkout that the
  /// program was built in.
  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    program: URL = PluginPath.programFolder
  ) throws(TesseraError) {
    func holdsInterface(_ url: URL) -> Bool {
      FileManager.default.fileExists(
        atPath: url.appending(path: "\(Self.interfacePath)/DomainPair.swift").path)
    }
    if let named = environment["TESSERA_SDK"], !named.isEmpty {
      folder = URL(filePath: named, directoryHint: .isDirectory).standardizedFileURL
      guard holdsInterface(folder) else {
        throw TesseraError(
          named, "looking for the plugin SDK",
          "TESSERA_SDK names it, and there is no \(Self.interfacePath) in it")
      }
      return
    }
    var places = [program.appending(path: "../../share/tessera").standardizedFileURL]
    var above = program
    for _ in 0..<6 {
      places.append(above)
      above.deleteLastPathComponent()
    }
    guard let found = places.first(where: holdsInterface) else {
      throw TesseraError(
        program.path, "looking for the plugin SDK",
        "there is none beside the program; install tessera with 'make install', or set TESSERA_SDK to"
          + " a checkout or to 'share/tessera' of an installation")
    }
    folder = found
  }
}

import Base
import Foundation

/// Where OpenVINO's C library is looked for.
struct RuntimeSearch {
  private let search: LibrarySearch

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    search = LibrarySearch(
      "libopenvino_c", folder: "openvino", variable: "TESSERA_OPENVINO", environment: environment)
  }

  /// A file or a folder that alone is tried, from `TESSERA_OPENVINO`.
  var override: String? { search.override }

  /// Names to hand to the loader, in order.
  var candidates: [String] { search.named ?? Self.loaderNames + search.installed }

  #if os(macOS)
    private static let plainName = "libopenvino_c.dylib"
    private static let folders = ["/opt/homebrew/lib/", "/usr/local/lib/"]
    private static func versioned(_ version: Int) -> String { "libopenvino_c.\(version).dylib" }
  #else
    private static let plainName = "libopenvino_c.so"
    private static let folders: [String] = []
    private static func versioned(_ version: Int) -> String { "libopenvino_c.so.\(version)" }
  #endif

  /// What the loader finds by itself: without headers installed, only the name with a version is there.
  private static var loaderNames: [String] {
    // OpenVINO 2026.4.1 has the version 2641.
    let versions = (23...30).reversed().flatMap { year in
      (0...5).reversed().flatMap { release in
        (0...3).reversed().map { year * 100 + release * 10 + $0 }
      }
    }
    return [plainName] + folders.map { $0 + plainName } + versions.map(versioned)
  }
}

import Foundation

/// Where OpenVINO's C library is looked for.
struct RuntimeSearch {
  /// A file or a folder that alone is tried, from `TESSERA_OPENVINO`.
  var override: String?
  /// Folder that `make setup` installs into.
  var prefix: String

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    override = environment["TESSERA_OPENVINO"].flatMap { $0.isEmpty ? nil : $0 }
    let base =
      environment["TESSERA_PREFIX"].flatMap { $0.isEmpty ? nil : $0 }
      ?? "\(environment["HOME"] ?? NSHomeDirectory())/.local/share/tessera"
    prefix = "\(base)/openvino"
  }

  /// Names to hand to the loader, in order.
  var candidates: [String] {
    if let override {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: override, isDirectory: &isFolder)
      guard exists, isFolder.boolValue else { return [override] }
      return [override, "\(override)/lib", "\(override)/libs"].flatMap(Self.libraries(in:))
    }
    return Self.loaderNames + Self.libraries(in: "\(prefix)/lib")
  }

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

  private static func libraries(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix("libopenvino_c.") }.sorted().map { "\(folder)/\($0)" }
  }
}

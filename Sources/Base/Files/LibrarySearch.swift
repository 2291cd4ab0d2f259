import Foundation

/// Where a library that is loaded at run time is looked for.
package struct LibrarySearch: Sendable {
  /// A file or a folder that alone is tried, from a variable of the environment.
  package let override: String?
  private let stem: String
  private let prefix: String

  /// Looks for files that begin with `stem`: what `variable` names, or what `make setup` puts into `folder`.
  package init(_ stem: String, folder: String, variable: String, environment: [String: String]) {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    self.stem = stem
    override = value(variable)
    let base =
      value("TESSERA_PREFIX")
      ?? "\(environment["HOME"] ?? NSHomeDirectory())/.local/share/tessera"
    prefix = "\(base)/\(folder)"
  }

  /// The files that the variable names; nil where it is not set.
  package var named: [String]? {
    guard let override else { return nil }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: override, isDirectory: &isFolder)
    guard exists, isFolder.boolValue else { return [override] }
    return [override, "\(override)/lib", "\(override)/libs"].flatMap(libraries)
  }

  /// The files that `make setup` has installed.
  package var installed: [String] { libraries(in: "\(prefix)/lib") }

  private func libraries(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix("\(stem).") }.sorted().map { "\(folder)/\($0)" }
  }
}

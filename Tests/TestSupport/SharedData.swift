import Foundation

/// Real images for tests, outside of the repository.
public enum SharedData {
  /// The folder, `TESSERA_TEST_DATA` or `../shared/data`, if it is there.
  public static let root: URL? = {
    let environment = ProcessInfo.processInfo.environment
    let candidate =
      environment["TESSERA_TEST_DATA"].map { URL(filePath: $0) }
      ?? URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../shared/data"
      )
      .standardizedFileURL
    return FileManager.default.fileExists(atPath: candidate.path) ? candidate : nil
  }()

  /// Whether the folder is there; tests that need it are skipped otherwise.
  public static var isPresent: Bool { root != nil }

  /// The path of `name` in the folder.
  public static func path(_ name: String) -> String {
    (root ?? URL(filePath: "/nonexistent")).appending(path: name).path
  }
}

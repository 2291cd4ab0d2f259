import Foundation

/// A fresh directory that goes away with the value that holds it.
public final class TemporaryDirectory: Sendable {
  /// Where it is.
  public let url: URL

  /// Makes the directory.
  public init() throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "tessera-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of `name` in the directory.
  public func path(_ name: String) -> String { url.appending(path: name).path }

  /// The names of everything in the directory, sorted.
  public var contents: [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: url.path)) ?? []).sorted()
  }
}

import Foundation
import TestSupport

/// Shared files.
enum FileContents {
  /// The bytes of a file of the shared data.
  static func of(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: SharedData.path(name)))
  }
}

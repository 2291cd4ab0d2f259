import Foundation

/// What a file begins with.
package enum FileStart {
  /// The first bytes; fewer where the file is shorter, nil where it cannot be read.
  ///
  /// Whoever opens a named pipe waits for its other end: what is no regular file has no beginning.
  package static func bytes(of path: String, count: Int) -> Data? {
    guard isRegular(path), let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    return (try? handle.read(upToCount: count)) ?? Data()
  }

  /// Whether a path leads to a regular file.
  package static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}

import Base
import Foundation

/// Reads files whole, mapped into memory where possible.
enum FileContent {
  /// The bytes of a regular file; devices and pipes, which may never end, are refused.
  static func read(_ path: String, action: String) throws(TesseraError) -> Data {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw TesseraError(path, action, reason(errno))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw TesseraError(path, action, "it is not a file")
    }
    guard access(path, R_OK) == 0 else { throw TesseraError(path, action, reason(errno)) }
    do {
      return try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
    } catch {
      throw TesseraError(path, action, error.localizedDescription)
    }
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is no such file"
    case EACCES, EPERM: "no permission to read it"
    default: String(cString: strerror(code))
    }
  }
}

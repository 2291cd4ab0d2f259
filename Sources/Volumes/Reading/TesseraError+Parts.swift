import Base
import Foundation

extension TesseraError {
  /// What one of several files lacks, said of what the user has named.
  func said(of path: String) -> TesseraError {
    guard path != self.path else { return self }
    return TesseraError(path, action, "\(URL(filePath: self.path).lastPathComponent): \(reason)")
  }
}

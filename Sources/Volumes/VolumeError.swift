import Foundation

/// Why a volume could not be read or written; the message is shown to the user as it is.
public struct VolumeError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file or folder, as the user named it.
  public let path: String
  /// What was being done, such as "reading the volume".
  public let action: String
  /// What went wrong and what to do.
  public let reason: String

  /// Makes an error that names the file.
  public init(_ path: String, _ action: String, _ reason: String) {
    self.path = path
    self.action = action
    self.reason = reason
  }

  /// `FILE: what was being done: what went wrong`.
  public var description: String { "\(path): \(action): \(reason)" }

  /// What one of several files lacks, said of what the user has named.
  func said(of path: String) -> VolumeError {
    guard path != self.path else { return self }
    return VolumeError(path, action, "\(URL(filePath: self.path).lastPathComponent): \(reason)")
  }
}

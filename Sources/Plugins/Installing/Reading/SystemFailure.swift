import Foundation
import Networks

/// An error number of the operating system.
struct SystemFailure: Error {
  let code: Int32

  /// In words, where a file was being read.
  var whileReading: String {
    switch code {
    case ENOENT: "it is not there any more"
    case EACCES, EPERM: "no permission to read it"
    case ELOOP: "it is a symbolic link"
    default: String(cString: strerror(code))
    }
  }

  /// In words, where something was being written.
  var whileWriting: String { SystemFault.reason(code) }
}

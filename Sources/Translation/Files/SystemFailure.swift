import Foundation
import Networks

/// An error number of the operating system.
package struct SystemFailure: Error {
  package let code: Int32

  package init(code: Int32) { self.code = code }

  /// In words, where a file was being read.
  package var whileReading: String {
    switch code {
    case ENOENT: "it is not there any more"
    case EACCES, EPERM: "no permission to read it"
    case ELOOP: "it is a symbolic link"
    default: String(cString: strerror(code))
    }
  }

  /// In words, where something was being written.
  package var whileWriting: String { SystemFault.reason(code) }
}

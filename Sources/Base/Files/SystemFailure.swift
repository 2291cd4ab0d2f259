import Foundation

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

  /// In words, where something was being written, and what to do about it.
  package var whileWriting: String {
    switch code {
    case ENOENT: "its directory does not exist: create it first"
    case ENOTDIR: "part of its path is not a directory: choose another place"
    case EISDIR: "there is a directory of this name: choose another name"
    case EACCES, EPERM, EROFS: "no permission to write there: choose another place"
    case ENOSPC, EDQUOT: "the disk is full: free some space or write to another disk"
    case EFBIG: "files this large are not allowed there: raise the limit or write to another disk"
    default: String(cString: strerror(code))
    }
  }

  /// In words, where the file `target` was being written, with the name of its directory.
  package func whileWriting(_ target: String) -> String {
    let folder = Self.directory(of: target)
    return switch code {
    case ENOENT where Self.isDirectory(folder):
      "the directory \(folder) takes no new files: choose another one"
    case ENOENT: "the directory \(folder) does not exist: create it first"
    case ENOTDIR: "\(folder) is not a directory: choose another place"
    case EACCES, EPERM, EROFS:
      "no permission to write to the directory \(folder): choose another one"
    case EISDIR, ENOSPC, EDQUOT, EFBIG: whileWriting
    default: "\(whileWriting) (in the directory \(folder))"
    }
  }

  static func directory(of target: String) -> String {
    let folder = (target as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}

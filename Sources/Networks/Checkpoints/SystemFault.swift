import Foundation

/// What an error of the operating system means for who writes a file, and what to do about it.
public enum SystemFault {
  /// The reason in words for an error number.
  public static func reason(_ code: Int32) -> String {
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
}

import Foundation

/// The files of an installed plugin, looked at without being opened.
struct FolderSurvey {
  /// What the system knows of a file.
  struct Look: Hashable {
    /// Bytes; nil of what is no file, such as a link.
    let size: Int?
    /// Time of the last change, in nanoseconds since 1970.
    let modified: Int
  }

  /// All files, by their way from the folder; links are not followed.
  private(set) var files: [String: Look] = [:]

  /// Looks at a folder; what cannot be looked at is left out.
  init(_ folder: URL) {
    add(folder.path, "")
  }

  private mutating func add(_ folder: String, _ prefix: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      let (file, path) = ("\(folder)/\(name)", prefix + name)
      var status = stat()
      guard lstat(file, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: add(file, path + "/")
      case S_IFREG:
        files[path] = Look(size: Int(status.st_size), modified: Self.modified(status))
      default: files[path] = Look(size: nil, modified: 0)
      }
    }
  }

  private static func modified(_ status: stat) -> Int {
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
  }
}

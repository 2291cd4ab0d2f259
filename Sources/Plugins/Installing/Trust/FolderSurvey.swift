import Foundation

/// The files of an installed plugin, looked at without being opened.
public struct FolderSurvey: Sendable, Equatable {
  /// What the system knows of a file.
  struct Look: Hashable {
    /// Bytes; nil of what is no file.
    let size: Int?
    /// Time of the last change, in nanoseconds since 1970.
    let modified: Int
    /// Where a link leads to.
    var link: String?
  }

  /// What tells a folder from another one in its place.
  struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  /// The folder itself; nil where there is none.
  let identity: Identity?

  /// All files, by their way from the folder; links are not followed.
  private(set) var files: [String: Look] = [:]

  /// Looks at a folder; what cannot be looked at is left out.
  ///
  /// Without `hasHidden` what no plugin needs is left out: what is hidden, and what Python compiled.
  public init(_ folder: URL, hasHidden: Bool = true) {
    identity = Self.identity(of: folder.path)
    add(folder.path, "", hasHidden)
  }

  /// The first file that is not what it was, by name, or "the folder"; files that have come are none.
  func firstChange(in later: FolderSurvey) -> String? {
    guard identity == later.identity else { return "the folder" }
    return files.keys.sorted().first { files[$0] != later.files[$0] }
  }

  /// What tells the folder at `path` from another one.
  static func identity(of path: String) -> Identity? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      inode: UInt64(truncatingIfNeeded: status.st_ino))
  }

  private mutating func add(_ folder: String, _ prefix: String, _ hasHidden: Bool) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where hasHidden || !EntryName(name).isLeftOut {
      let (file, path) = ("\(folder)/\(name)", prefix + name)
      var status = stat()
      guard lstat(file, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: add(file, path + "/", hasHidden)
      case S_IFREG:
        files[path] = Look(size: Int(status.st_size), modified: Self.modified(status))
      case S_IFLNK:
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: file)
        files[path] = Look(size: target.map(\.utf8.count), modified: 0, link: target)
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

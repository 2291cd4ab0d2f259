import Base
import Foundation
import Translation

/// What tells a file, or a folder of files, from every other and from itself once it has changed.
struct FileIdentity: Codable, Sendable, Hashable {
  /// Size, of all files together.
  var bytes: Int
  /// When the content was last changed, in nanoseconds since 1970.
  var modified: Int
  /// Its number in the file system.
  var inode: UInt64
  /// When anything about it was last changed, its name too; nil before it has its name.
  var changed: Int?
  /// Of several files, a digest of all that is said here of each.
  var parts: String?
  /// SHA-256 of the content, where that was read.
  var sha256: String?

  /// Looks at a file or a folder with all that belongs to it; nil where it is not there.
  ///
  /// Nothing at `excluded` or in it counts.
  init?(_ path: String, with companions: [String] = [], without excluded: String? = nil) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    inode = UInt64(status.st_ino)
    guard !companions.isEmpty || status.st_mode & S_IFMT == S_IFDIR else {
      bytes = Int(status.st_size)
      (modified, changed) = Self.times(status)
      return
    }
    var files: [FileTree.File] = []
    for place in [path] + companions {
      // What goes away meanwhile is not there the next time either.
      files += (try? FileTree(place, without: [excluded].compactMap(\.self)))?.files ?? []
    }
    (bytes, modified, changed) = (0, 0, 0)
    var (lines, seen): ([String], Set<String>) = ([], [])
    for file in files {
      let place = URL(filePath: file.path).standardizedFileURL.path
      guard seen.insert(place).inserted else { continue }
      let times = Self.times(file.status)
      bytes += Int(file.status.st_size)
      modified = max(modified, times.modified)
      changed = max(changed ?? 0, times.changed)
      lines.append(
        "\(file.status.st_size) \(times.modified) \(file.status.st_ino) \(times.changed) \(file.name)"
      )
    }
    parts = FileDigest.sha256(text: lines.joined(separator: "\n"))
  }

  /// Describes a file of this content that is yet to be written.
  init(content: Data) {
    (bytes, modified, inode, sha256) = (content.count, 0, 0, SHA256Digest.hexadecimal(of: content))
  }

  /// Whether both are of the same file, unchanged, as far as that shows without reading it.
  func isSame(as other: FileIdentity) -> Bool {
    changed != nil && bytes == other.bytes && modified == other.modified && inode == other.inode
      && changed == other.changed && parts == other.parts
  }

  /// The digest of what is in a file or folder; nil where it cannot be read.
  static func digest(_ path: String) -> String? {
    guard let tree = try? FileTree(path) else { return nil }
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFDIR
      ? try? FileDigest.sha256(of: tree) : try? FileDigest.sha256(at: path, followsLinks: true)
  }

  private static func times(_ status: stat) -> (modified: Int, changed: Int) {
    #if canImport(Darwin)
      let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
    #else
      let (modified, changed) = (status.st_mtim, status.st_ctim)
    #endif
    return (
      Int(modified.tv_sec) &* 1_000_000_000 &+ Int(modified.tv_nsec),
      Int(changed.tv_sec) &* 1_000_000_000 &+ Int(changed.tv_nsec)
    )
  }
}

import Foundation

/// The files of a folder and of its folders, links followed, without what is hidden and what Python
/// leaves behind.
package struct FileTree {
  /// One file.
  package struct File {
    /// The way from the folder; of a single file, its name.
    package let name: String
    /// Where it lies.
    package let path: String
    /// What the system knows of it.
    package let status: stat
  }

  /// All files, by the bytes of their names.
  package private(set) var files: [File] = []
  /// The folders on the way down: a link may lead round in a circle.
  private var above: [(device: dev_t, inode: ino_t)] = []
  private let excluded: [(device: dev_t, inode: ino_t)]

  /// Looks through a folder, `excluded` left out, or takes a single file.
  package init(_ path: String, without excluded: [String] = []) throws(SystemFailure) {
    self.excluded = excluded.compactMap { path in
      var status = stat()
      return stat(path, &status) == 0 ? (status.st_dev, status.st_ino) : nil
    }
    try add(path, name: (path as NSString).lastPathComponent, isRoot: true)
    files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private mutating func add(
    _ path: String, name: String, isRoot: Bool = false
  ) throws(SystemFailure) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // A link to nothing is no file.
      if !isRoot, errno == ENOENT || errno == ELOOP { return }
      throw SystemFailure(code: errno)
    }
    guard isRoot || !excluded.contains(where: { $0 == (status.st_dev, status.st_ino) }) else {
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: files.append(File(name: name, path: path, status: status))
    case S_IFDIR:
      guard !above.contains(where: { $0 == (status.st_dev, status.st_ino) }) else { return }
      above.append((status.st_dev, status.st_ino))
      defer { above.removeLast() }
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
        throw SystemFailure(code: EACCES)
      }
      for child in names where !Self.isLeftOut(child) {
        try add("\(path)/\(child)", name: isRoot ? child : "\(name)/\(child)")
      }
    default: return
    }
  }

  /// Whether a name is hidden, or of what Python compiled.
  private static func isLeftOut(_ name: String) -> Bool {
    name.utf8.first == UInt8(ascii: ".") || name == "__pycache__"
  }
}

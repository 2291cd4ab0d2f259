public import Foundation

/// A file system in memory with little room.
public final class SmallDisk {
  private let path: String
  private var isMounted = true

  /// Whether this process may mount one.
  public static let isPossible: Bool = {
    guard let folder = try? TemporaryDirectory() else { return false }
    return (try? SmallDisk(at: folder.url, kilobytes: 64)) != nil
  }()

  /// Mounts it at a folder.
  public init(at folder: URL, kilobytes: Int) throws {
    guard let mount = ExternalTool("mount") else { throw ToolFailure("mount is not installed") }
    path = folder.path
    let result = try mount.run(["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path])
    guard result.status == 0 else { throw ToolFailure(result.errors) }
  }

  /// Unmounts it; what was on it is lost.
  public func remove() {
    guard isMounted else { return }
    isMounted = false
    _ = try? ExternalTool("umount")?.run([path])
  }

  deinit { remove() }
}

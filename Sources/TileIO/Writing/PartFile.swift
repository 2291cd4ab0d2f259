import Foundation

/// A file that grows beside its target under a hidden name and takes the target's name when done.
final class PartFile {
  /// What the user asked for.
  let target: String
  /// Where the bytes go meanwhile: in the same directory, so that a rename suffices.
  let path: String
  private let willPublish: ImageOutput.WillPublish
  private var isOpen = true

  /// Creates the file; with `keepingExtension` its name ends as the target's does.
  init(
    for target: String, keepingExtension: Bool = false,
    willPublish: @escaping ImageOutput.WillPublish = { _ in }
  ) throws(ImageError) {
    if let fault = Self.fault(of: target) { throw fault }
    self.target = target
    self.willPublish = willPublish
    let name = (target as NSString).lastPathComponent
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    let ending = (target as NSString).pathExtension
    let suffix = keepingExtension && !ending.isEmpty ? ".\(ending)" : ""
    // Names may have 255 bytes.
    let stem = String(decoding: name.utf8.prefix(180), as: UTF8.self)
    path = (Self.directory(of: target) as NSString).appendingPathComponent(
      ".\(stem).\(random).tessera-part\(suffix)")
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.error(errno, target) }
    close(descriptor)
  }

  deinit { discard() }

  /// Opens the file for reading and writing.
  func openDescriptor() throws(ImageError) -> Int32 {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.error(errno, target) }
    return descriptor
  }

  /// Waits until the bytes are on the disk.
  func synchronize() throws(ImageError) {
    let descriptor = try openDescriptor()
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Self.error(errno, target) }
  }

  /// Gives the file its name, replacing what was there.
  func publish() throws(ImageError) {
    try willPublish(path)
    guard rename(path, target) == 0 else { throw Self.error(errno, target) }
    isOpen = false
    // Some file systems refuse to synchronize a directory; the file itself is safe by then.
    let directory = open(Self.directory(of: target), O_RDONLY | O_CLOEXEC)
    guard directory >= 0 else { return }
    _ = fsync(directory)
    close(directory)
  }

  /// Removes the file unless it was published.
  func discard() {
    guard isOpen else { return }
    isOpen = false
    unlink(path)
  }

  /// Why `target` cannot be created, as far as that shows without trying.
  static func fault(of target: String) -> ImageError? {
    if isDirectory(target) {
      return ImageError(target, action, "there is a directory of this name: choose another name")
    }
    let folder = directory(of: target)
    var status = stat()
    guard stat(folder, &status) == 0 else { return error(errno, target) }
    guard isDirectory(folder) else { return error(ENOTDIR, target) }
    return access(folder, W_OK | X_OK) == 0 ? nil : error(errno, target)
  }

  /// Says what `code` means for the file that was to be written.
  static func error(_ code: Int32, _ target: String) -> ImageError {
    let folder = directory(of: target)
    let reason =
      switch code {
      case ENOSPC, EDQUOT:
        "the disk is full: free some space or write to another disk"
      case ENOENT where isDirectory(folder):
        "the directory \(folder) takes no new files: choose another one"
      case ENOENT:
        "the directory \(folder) does not exist: create it first"
      case ENOTDIR:
        "\(folder) is not a directory: choose another place"
      case EACCES, EPERM, EROFS:
        "no permission to write to the directory \(folder): choose another one"
      case EFBIG:
        "the file system does not hold files this large: write to another disk"
      default:
        "\(String(cString: strerror(code))) (in the directory \(folder))"
      }
    return ImageError(target, action, reason)
  }

  static let action = "writing the image"

  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func directory(of target: String) -> String {
    let folder = (target as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }
}

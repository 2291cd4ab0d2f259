import Base
import Foundation
import Translation

/// Fills the folder of a plugin that is being installed.
///
/// Every entry is checked before anything of it is written: its name, what it is, how much there is.
struct ContentWriter {
  private struct Claim {
    let path: String
    let isFolder: Bool
  }

  private let folder: URL
  private let source: String
  private let limits: InstallLimits
  /// Bytes of the archive that it comes from.
  private let archiveSize: Int?
  private let isCancelled: () -> Bool
  private let buffer = ByteBuffer()
  /// What there is, by names without case.
  private var claims: [String: Claim] = [:]
  private var entries = 0
  private var declaredBytes = 0
  private var writtenBytes = 0

  /// Fills `folder`, which is there and empty; `source` is for messages.
  init(
    _ folder: URL, source: String, limits: InstallLimits, archiveSize: Int? = nil,
    isCancelled: @escaping () -> Bool
  ) {
    self.folder = folder
    self.source = source
    self.limits = limits
    self.archiveSize = archiveSize
    self.isCancelled = isCancelled
  }

  /// Writes an entry, or leaves it out where no plugin needs it; `read` gives its content in parts.
  mutating func add(
    _ entry: InstallEntry,
    read: (UnsafeMutableRawBufferPointer) throws(TesseraError) -> Int
  ) throws(TesseraError) {
    entries += 1
    guard entries <= limits.entries else { throw tooMany }
    guard let name = entry.name else {
      throw refusal("entry \(entries)", "its name is not UTF-8")
    }
    if let fault = EntryName.fault(in: name) { throw refusal(name, fault) }
    let place = EntryName(name)
    // What is left out has to be unpacked to get past it.
    declaredBytes = try total(declaredBytes, max(0, entry.size), name)
    if place.isLeftOut { return }
    if let fault = entry.fault { throw refusal(name, fault) }
    if place.components.isEmpty {
      guard entry.kind == .folder else { throw refusal(name, "its name is empty") }
      return
    }
    try claim(place, isFolder: entry.kind == .folder, name)
    if entry.kind == .file { try write(entry, to: place, name, read) }
  }

  /// Keeps the name, and makes the folders on the way.
  private mutating func claim(
    _ place: EntryName, isFolder: Bool, _ name: String
  ) throws(TesseraError) {
    var path = ""
    for (index, component) in place.components.enumerated() {
      path += path.isEmpty ? component : "/\(component)"
      let isFolder = isFolder || index < place.components.count - 1
      // Some disks take upper and lower case, or two ways to write an accent, for the same.
      let key = path.uppercased().lowercased()
      if let known = claims[key] {
        guard known.isFolder, isFolder, known.path.utf8.elementsEqual(path.utf8) else {
          throw refusal(
            name,
            known.path.utf8.elementsEqual(path.utf8)
              ? "it is there twice" : "'\(known.path.inOneLine)' is the same but for the case")
        }
        continue
      }
      claims[key] = Claim(path: path, isFolder: isFolder)
      guard claims.count <= limits.entries else { throw tooMany }
      if isFolder, mkdir("\(folder.path)/\(path)", 0o755) != 0 {
        throw refusal(name, SystemFailure(code: errno).whileWriting)
      }
    }
  }

  private mutating func write(
    _ entry: InstallEntry, to place: EntryName, _ name: String,
    _ read: (UnsafeMutableRawBufferPointer) throws(TesseraError) -> Int
  ) throws(TesseraError) {
    let file: OpenFile
    do throws(SystemFailure) {
      file = try OpenFile(
        "\(folder.path)/\(place.path)", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
        mode: entry.isExecutable ? 0o755 : 0o644)
    } catch {
      throw refusal(name, error.whileWriting)
    }
    var size = 0
    while true {
      guard !isCancelled() else { throw PluginInstaller.interruption(source) }
      let count = try read(buffer.bytes)
      if count == 0 { break }
      size += count
      writtenBytes = try total(writtenBytes, count, name)
      do throws(SystemFailure) {
        try file.append(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]))
      } catch {
        throw refusal(name, error.whileWriting)
      }
    }
    guard size == entry.size else {
      throw refusal(name, "it has \(size) bytes, not \(entry.size): truncated or changed meanwhile")
    }
    do throws(SystemFailure) {
      try file.synchronize()
    } catch {
      throw refusal(name, error.whileWriting)
    }
  }

  /// A sum of bytes, within the limits.
  private func total(_ sum: Int, _ bytes: Int, _ name: String) throws(TesseraError) -> Int {
    let (total, isHuge) = sum.addingReportingOverflow(bytes)
    guard !isHuge, total <= limits.bytes else {
      throw refusal(name, "with it there are more than \(limits.bytes >> 30) GB")
    }
    if let archiveSize, total > limits.unpacked(archiveSize) {
      throw refusal(
        name, "the archive has \(archiveSize) bytes and unpacks to \(total) or more: a bomb")
    }
    return total
  }

  private var tooMany: TesseraError {
    TesseraError(
      source, PluginInstaller.action, "it has more than \(limits.entries) files and folders")
  }

  private func refusal(_ name: String, _ reason: String) -> TesseraError {
    TesseraError(source, PluginInstaller.action, "'\(name.inOneLine)': \(reason)")
  }
}

/// How much a plugin may bring along.
struct InstallLimits: Sendable {
  /// Files and folders.
  var entries = 10_000
  /// Bytes of all files.
  var bytes = 8 << 30
  /// Bytes of all files for a byte of the archive, above `allowance`.
  var ratio = 200
  /// Bytes that any archive may unpack to.
  var allowance = 64 << 20

  /// Bytes that an archive of `size` bytes may unpack to; more is a bomb.
  func unpacked(_ size: Int) -> Int {
    let (product, isHuge) = size.multipliedReportingOverflow(by: ratio)
    let (sum, isHuger) = product.addingReportingOverflow(allowance)
    return isHuge || isHuger ? bytes : sum
  }
}

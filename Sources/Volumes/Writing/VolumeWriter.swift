import Foundation
internal import CITK

/// Writes volumes whole or not at all.
public enum VolumeWriter {
  /// Hears where a complete file or folder lies that is about to take its name, and may refuse.
  public typealias WillPublish = (_ part: String) throws(VolumeError) -> Void

  static let action = "writing the volume"

  /// Writes one file; the ending of `path` chooses the format (.nii.gz, .nii, .mha, .nrrd, .tif).
  ///
  /// NIfTI gets its geometry as sform and as qform. `note` is kept where the format has a place for it.
  ///
  /// - Throws: Where a sample does not fit into `type`, or the folder cannot be written to.
  public static func write(
    _ volume: Volume, to path: String, as type: SampleType, note: String = "",
    willPublish: WillPublish = { _ in }
  ) throws(VolumeError) {
    let name = URL(filePath: path).lastPathComponent
    guard let format = VolumeFormat(path: path),
      let ending = VolumeFormat.writable.first(where: { name.lowercased().hasSuffix(".\($0)") })
    else {
      throw VolumeError(
        path, action,
        "volumes are written as \(VolumeFormat.writable.map { ".\($0)" }.joined(separator: ", ")),"
          + " or as a series of slices into a folder")
    }
    let bytes = try SampleEncoding.bytes(volume.samples, as: type, path: path)
    let folder = URL(filePath: path).deletingLastPathComponent()
    // The library tells the format by the ending.
    let temporary = folder.appending(
      path: ".\(name).\(ProcessInfo.processInfo.processIdentifier).\(ending)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    if format == .tiff {
      let writer = try TIFFStackWriter(volume, as: type, note: note, path: path)
      try writer.write(bytes[...], to: temporary, named: path)
    } else {
      try write(bytes, volume.geometry, type, to: temporary, format, note: note, named: path)
    }
    try willPublish(temporary)
    try Self.keep(temporary, path)
  }

  private static func write(
    _ bytes: [UInt8], _ geometry: VolumeGeometry, _ type: SampleType, to path: String,
    _ format: VolumeFormat, note: String, named: String
  ) throws(VolumeError) {
    var header = ci_header()
    header.dimensions = 3
    header.components = 1
    header.type = type.code
    header.size = (
      Int64(geometry.size.x), Int64(geometry.size.y), Int64(geometry.size.z), 1, 1, 1, 1
    )
    header.spacing = (geometry.spacing.x, geometry.spacing.y, geometry.spacing.z, 1, 1, 1, 1)
    header.origin = (geometry.origin.x, geometry.origin.y, geometry.origin.z)
    let (x, y, z) = (geometry.axes[0], geometry.axes[1], geometry.axes[2])
    header.direction = (x.x, x.y, x.z, y.x, y.y, y.z, z.x, z.y, z.z)
    var reason: UnsafeMutablePointer<CChar>?
    let (names, notes) = (CStrings(["ITK_FileNotes"]), CStrings([note]))
    let isWritten = bytes.withUnsafeBytes { samples in
      names.withPointers { keys in
        notes.withPointers { values in
          samples.baseAddress.map {
            ci_write(
              path, format.code, header, $0, true, keys, values, note.isEmpty ? 0 : 1, &reason)
          }
        }
      }
    }
    guard isWritten == true else { throw VolumeError(named, action, HeaderFile.take(reason)) }
  }

  /// Makes a folder of files, complete or not at all, in the place of one that may be there.
  static func writeFolder(
    _ path: String, _ action: String, willPublish: WillPublish = { _ in },
    _ write: (_ temporary: String) throws(VolumeError) -> Void
  ) throws(VolumeError) {
    let folder = URL(filePath: path)
    let temporary = folder.deletingLastPathComponent().appending(
      path: ".\(folder.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    do {
      try FileManager.default.createDirectory(
        atPath: temporary, withIntermediateDirectories: false)
    } catch {
      throw VolumeError(path, action, "the folder cannot be made: \(error.localizedDescription)")
    }
    try write(temporary)
    try willPublish(temporary)
    let old = "\(temporary)-old"
    if FileManager.default.fileExists(atPath: path) {
      // Two renames: whoever looks in between finds no series, never half of one.
      try keep(path, old)
    }
    do {
      try keep(temporary, path)
    } catch {
      _ = rename(old, path)
      throw error
    }
    try? FileManager.default.removeItem(atPath: old)
  }

  /// Gives a complete file or folder its name.
  static func keep(_ temporary: String, _ path: String) throws(VolumeError) {
    let descriptor = open(temporary, O_RDONLY)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
    guard rename(temporary, path) == 0 else {
      throw VolumeError(path, action, String(cString: strerror(errno)))
    }
  }
}

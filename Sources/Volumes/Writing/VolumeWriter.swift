import Base
import Foundation
internal import CITK

/// Writes volumes whole or not at all.
public enum VolumeWriter {
  static let action = "writing the volume"

  /// Writes one file; the ending of `path` chooses the format (.nii.gz, .nii, .mha, .nrrd, .tif).
  ///
  /// NIfTI gets its geometry as sform and as qform. `note` is kept where the format has a place for it.
  ///
  /// - Throws: Where a sample does not fit into `type`, or the folder cannot be written to.
  public static func write(
    _ volume: Volume, to path: String, as type: SampleType, note: String = "",
    willPublish: @escaping WillPublish = { _ in }
  ) throws(TesseraError) {
    let name = URL(filePath: path).lastPathComponent
    guard let format = VolumeFormat(path: path),
      let ending = VolumeFormat.writable.first(where: { name.lowercased().hasSuffix(".\($0)") })
    else {
      throw TesseraError(
        path, action,
        "volumes are written as \(VolumeFormat.writable.map { ".\($0)" }.joined(separator: ", ")),"
          + " or as a series of slices into a folder")
    }
    let bytes = try SampleEncoding.bytes(volume.samples, as: type, path: path)
    // The library tells the format by the ending.
    let file = try AtomicFile(path, action: action, ending: ending, willPublish: willPublish)
    if format == .tiff {
      let writer = try TIFFStackWriter(volume, as: type, note: note, path: path)
      try writer.write(bytes[...], to: file.path, named: path)
    } else {
      try write(bytes, volume.geometry, type, to: file.path, format, note: note, named: path)
    }
    try file.publish()
  }

  private static func write(
    _ bytes: [UInt8], _ geometry: VolumeGeometry, _ type: SampleType, to path: String,
    _ format: VolumeFormat, note: String, named: String
  ) throws(TesseraError) {
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
    guard isWritten == true else { throw TesseraError(named, action, HeaderFile.take(reason)) }
  }
}

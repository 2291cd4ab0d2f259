import Base
import Foundation

extension VolumeWriter {
  /// Writes a folder with a TIFF a slice; it must not exist.
  ///
  /// - Throws: Where a sample does not fit into `type`, or the folder cannot be made.
  public static func writeSlices(
    _ volume: Volume, to path: String, as type: SampleType, note: String = ""
  ) throws(TesseraError) {
    let writer = try TIFFStackWriter(volume, as: type, note: note, path: path)
    let bytes = try SampleEncoding.bytes(volume.samples, as: type, path: path)
    let count = volume.geometry.size.z
    let slice = bytes.count / count
    try AtomicFolder.write(path, replaces: false, action: action) {
      temporary throws(TesseraError) in
      for index in 0..<count {
        let number = "\(index + 1)"
        let zeros = String(repeating: "0", count: max(4, "\(count)".count) - number.count)
        try writer.write(
          bytes[index * slice..<(index + 1) * slice],
          to: "\(temporary)/slice_\(zeros)\(number).tif", named: path)
      }
    }
  }
}

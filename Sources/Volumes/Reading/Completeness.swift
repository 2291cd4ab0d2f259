import Base
import Foundation

/// Whether files hold all that their headers promise: the libraries fill up with zeros, or with what the
/// memory happens to hold, what is missing.
enum Completeness {
  static let action = "reading the samples"

  /// Throws where a file ends before its samples, of so many `bytes` in all, do.
  static func check(
    _ files: [String], _ format: VolumeFormat, bytes: Int
  ) throws(TesseraError) {
    for path in files {
      switch format {
      case .nifti: try NIfTISamples(path).check()
      case .metaImage: try MetaSamples(path).check(bytes)
      case .dicom: try DICOMElements(path).checkSamples()
      case .nrrd: try NRRDSamples(path).check(bytes)
      // Its reader looks at every piece.
      case .tiff: continue
      }
    }
  }

  static let broken = "its compression is broken or ends early; copy it again"

  static func missing(_ path: String, _ file: String) -> TesseraError {
    let name = URL(filePath: file).lastPathComponent
    return TesseraError(
      path, action, "\(name), which has samples of it, is not there; copy it as well")
  }

  /// What to say of a file that ends early; `file` is the one that does where it is another.
  static func tooShort(
    _ path: String, _ length: Int, _ needed: Int, file: String? = nil
  ) -> TesseraError {
    let name = file.map { URL(filePath: $0).lastPathComponent } ?? "it"
    return TesseraError(
      path, action,
      "\(name) ends after \(length) of \(needed) bytes, so slices are missing; copy it again")
  }
}

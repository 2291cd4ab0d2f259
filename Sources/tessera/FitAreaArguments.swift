import ArgumentParser
import Base
import Translation

/// What of an image a pair is fitted on.
struct FitAreaArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Fit the pair on this part of the image: a picture that is not 0 there, or GeoJSON polygons.",
      valueName: "file"))
  var mask: String?

  /// Reads the file; nil where none was given.
  func read() throws(TesseraError) -> FitArea? {
    guard let mask else { return nil }
    return try FitArea(mask)
  }

  /// The digest of the file; nil where none was given.
  func digest() throws(TesseraError) -> String? {
    guard let mask else { return nil }
    do {
      return try FileDigest.sha256(at: mask, followsLinks: true)
    } catch {
      throw TesseraError(mask, "reading the mask", "\(error)")
    }
  }
}

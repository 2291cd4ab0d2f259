import Base
import Foundation
internal import CITK

/// The elements of a DICOM file before its samples.
final class DICOMElements {
  let path: String
  private let file: OpaquePointer

  /// Reads a file up to its samples.
  init(_ path: String) throws(TesseraError) {
    var reason: UnsafeMutablePointer<CChar>?
    guard let file = ci_read_elements(path, &reason) else {
      throw TesseraError(path, "reading the header", "\(HeaderFile.take(reason)); copy it again")
    }
    self.path = path
    self.file = file
  }

  deinit { ci_close_elements(file) }

  /// A value as text; the way to it leads through items, as in "5200|9230#3/0020|9113/0020|0032".
  func text(_ way: String) -> String? {
    guard let text = ci_find_element(file, way) else { return nil }
    defer { ci_free_text(text) }
    return String(cString: text)
  }

  /// Numbers that are separated by backslashes; nil where there are others than so many.
  func numbers(_ way: String, count: Int) -> [Double]? {
    let parts = text(way)?.split(separator: "\\") ?? []
    let numbers = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    return numbers.count == count && numbers.allSatisfy(\.isFinite) ? numbers : nil
  }

  /// Items of a sequence; 0 where there is none.
  func count(_ tag: String) -> Int { Int(ci_count_items(file, tag)) }

  /// Whether files of this class hold no images: directories, reports, contours.
  var isOther: Bool {
    guard let kind = text("0002|0002") ?? text("0008|0016") else { return false }
    return !ci_is_image_class(kind)
  }

  /// Throws where samples are missing.
  func checkSamples() throws(TesseraError) {
    var reason: UnsafeMutablePointer<CChar>?
    guard ci_check_pixels(file, &reason) else {
      throw TesseraError(path, Completeness.action, HeaderFile.take(reason))
    }
  }
}

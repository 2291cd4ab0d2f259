import Base
internal import COpenSlide
import Foundation

/// The functions of OpenSlide 4.0.1 or later, loaded once and never unloaded.
///
/// The one behind libvips is often older: version 3 knows neither DICOM nor CZI, 4.0.0 errs in DICOM.
///
/// Unchecked because of the pointer: what it points to is written before the first reader and never after.
final class OpenSlideLibrary: @unchecked Sendable {
  private let functions: UnsafePointer<copenslide_functions>

  /// The functions by name.
  var call: copenslide_functions { functions.pointee }

  /// The library of this process, or why there is none.
  static let shared = Result { () throws(TesseraError) in try OpenSlideLibrary() }

  /// Loads the first library found: what `TESSERA_OPENSLIDE` names, else that of `make setup` or of the system.
  init(environment: [String: String] = ProcessInfo.processInfo.environment) throws(TesseraError) {
    let search = LibrarySearch(
      "libopenslide", folder: "openslide", variable: "TESSERA_OPENSLIDE", environment: environment)
    var reason: String?
    for candidate in search.named ?? search.installed + Self.loaderNames {
      var buffer = [CChar](repeating: 0, count: 512)
      if let functions = copenslide_load(candidate, &buffer, buffer.count) {
        self.functions = functions
        return
      }
      // The first that is there but does not serve says more than those that are absent.
      guard reason == nil else { continue }
      let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      let isThere = FileManager.default.fileExists(atPath: candidate)
      if isThere || text.hasPrefix("OpenSlide") { reason = text }
    }
    let detail = reason.map { " (\($0))" } ?? ""
    let action = "loading OpenSlide 4.0.1"
    if let override = search.override {
      throw TesseraError(
        action: action,
        "TESSERA_OPENSLIDE is \(override), but it does not load from there\(detail); correct it, or unset"
          + " it and run make setup")
    }
    throw TesseraError(
      action: action,
      "it is not installed\(detail); run make setup, or set TESSERA_OPENSLIDE to its folder")
  }

  #if os(macOS)
    private static let loaderNames = ["", "/opt/homebrew/lib/", "/usr/local/lib/"].map {
      "\($0)libopenslide.1.dylib"
    }
  #else
    /// The second is version 3, which does not serve but says so.
    private static let loaderNames = ["libopenslide.so.1", "libopenslide.so.0"]
  #endif

  /// Whether the library recognizes the content of a file.
  func recognizes(_ path: String) -> Bool { call.detect_vendor(path) != nil }
}

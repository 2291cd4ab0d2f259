import Base
import Foundation

/// The numbers of a header that say where samples lie; the libraries put 0 or 1 for what is none.
enum HeaderNumbers {
  /// Throws where one is NaN, infinite or no number at all; DICOM and TIFF are looked at by their readers.
  static func check(_ path: String, _ format: VolumeFormat) throws(TesseraError) {
    switch format {
    case .nifti: try NIfTISamples.checkNumbers(path)
    case .metaImage: try checkMetaImage(path)
    case .nrrd: try NRRDSamples(path).checkNumbers()
    case .dicom, .tiff: return
    }
  }

  static func refuse(_ path: String, _ name: String, _ text: String) -> TesseraError {
    TesseraError(
      path, "reading the header", "its \(name) is \(text), so it lies nowhere; correct the header")
  }

  /// Whether all words of a text are finite numbers, such as `1 0 0` or `(1,0,0)`.
  static func areFinite(_ text: some StringProtocol) -> Bool {
    text.split { $0.isWhitespace || "(),".contains($0) }.allSatisfy {
      Double($0)?.isFinite == true
    }
  }

  private static let keys: Set = [
    "Offset", "Position", "Origin", "Orientation", "Rotation", "TransformMatrix", "ElementSpacing",
    "ElementSize",
  ]

  private static func checkMetaImage(_ path: String) throws(TesseraError) {
    let data = (try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)) ?? Data()
    var rest = data.prefix(1 << 20)
    while let end = rest.firstIndex(of: 0x0a) {
      let line = String(decoding: rest[..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      guard let sign = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else { continue }
      let key = line[..<sign].trimmingCharacters(in: .whitespaces)
      if key == "ElementDataFile" { return }
      let text = line[line.index(after: sign)...].trimmingCharacters(in: .whitespacesAndNewlines)
      guard !keys.contains(key) || areFinite(text) else { throw refuse(path, key, text) }
    }
  }
}

import TesseraPlugin

/// Whether a pair makes a translator of an ordinary picture.
enum CalibrationCheck {
  /// A halo beyond this is no halo.
  private static let largest = 8192

  static func run(_ subject: ConformanceSubject) throws -> ConformanceVerdict {
    var first: Footprint?
    for format in subject.formats {
      let footprint = try subject.driver(format).translator.footprint
      guard footprint.halo <= largest, footprint.alignment <= largest else {
        return .failed(
          "it declares a halo of \(footprint.halo) px and an alignment of \(footprint.alignment) px"
        )
      }
      first = first ?? footprint
    }
    guard let first else { return .notApplicable("it takes no sample format") }
    return .passed(
      "halo \(first.halo) px, alignment \(first.alignment) px, cores of \(first.preferredCore) px")
  }
}

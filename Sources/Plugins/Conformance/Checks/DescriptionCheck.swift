import TesseraPlugin

/// Whether what a pair says of itself can be true.
enum DescriptionCheck {
  static func run(_ subject: ConformanceSubject) throws -> ConformanceVerdict {
    let description = subject.description
    if let fault = description.fault { return .failed(fault) }
    for (name, text) in [
      ("title", description.title), ("source domain", description.sourceDomain),
      ("target domain", description.targetDomain), ("licence", description.licence),
      ("summary", description.summary),
    ] where text.isEmpty { return .failed("its \(name) is empty") }
    if let range = description.outputRange,
      !(range.lowerBound.isFinite && range.upperBound.isFinite)
    {
      return .failed("the range that it declares is not finite")
    }
    // A description is asked for again and again.
    guard subject.pair.description == description else {
      return .failed("it describes itself differently when it is asked again")
    }
    let formats = SampleFormat.allCases.filter(description.formats.contains).map(\.rawValue)
    let scale = description.scale
    let parts = [
      "\(description.channels) → \(description.outputChannels) channels",
      formats.joined(separator: ", "),
      scale == .one ? nil : "scale \(scale.numerator)/\(scale.denominator)",
      "\(description.options.count) option\(description.options.count == 1 ? "" : "s")",
    ]
    return .passed(parts.compactMap(\.self).joined(separator: "; "))
  }
}

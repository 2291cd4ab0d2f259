import TesseraPlugin

/// A pair that takes some sample formats only.
struct Restricted: DomainPair {
  let base: any DomainPair
  let formats: Set<SampleFormat>

  var description: PairDescription {
    var description = base.description
    description.formats = formats
    return description
  }

  func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    try base.calibrate(overview, options: options, reference: reference)
  }
}

/// A mapping from one visual domain to another: what a plugin registers.
///
/// A pair sees pixels, never files. For each image the engine calls ``calibrate(_:options:reference:)``
/// once and then the translator that it returned, window by window.
public protocol DomainPair: Sendable {
  /// Name, domains, options and needs.
  var description: PairDescription { get }

  /// Parts of level 0 that ``calibrate(_:options:reference:)`` wants to see besides the overview.
  func samples(
    for overview: borrowing Overview, options: PairOptions
  ) throws(PairError) -> [PixelRegion]

  /// Looks at the whole image once and decides what to do with it.
  ///
  /// `reference` is the target that the user chose with `--reference`, already fitted, or nil.
  func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration

  /// Fits a target to one image, as an object that goes into a reference file.
  func fit(_ overview: borrowing Overview, options: PairOptions) throws(PairError) -> PairValue

  /// Makes one target out of the targets of several images, a cohort.
  func combine(_ references: [PairValue]) throws(PairError) -> PairValue
}

extension DomainPair {
  /// None: the overview is enough for most pairs.
  public func samples(
    for overview: borrowing Overview, options: PairOptions
  ) throws(PairError) -> [PixelRegion] { [] }

  /// Refuses: most pairs have their target built in.
  public func fit(
    _ overview: borrowing Overview, options: PairOptions
  ) throws(PairError) -> PairValue {
    throw PairError("the pair \(description.id) has no target to fit; leave --reference out")
  }

  /// Refuses a cohort: most pairs have their target built in.
  public func combine(_ references: [PairValue]) throws(PairError) -> PairValue {
    guard references.count == 1 else {
      throw PairError("the pair \(description.id) cannot combine \(references.count) references")
    }
    return references[0]
  }
}

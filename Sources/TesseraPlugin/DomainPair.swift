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
  /// For a volume that the pair takes as such it is called once for each way of cutting: the overview
  /// is the middle slice, its samples are slices from all over the volume, and the translator is that
  /// of all slices.
  ///
  /// `reference` is the target that the user chose with `--reference`, already fitted, or nil.
  func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration

  /// Fits a target to one image, as an object that goes into a reference file.
  func fit(_ overview: borrowing Overview, options: PairOptions) throws(PairError) -> PairValue

  /// Makes one target out of the targets of several images, a cohort.
  func combine(_ references: [PairValue]) throws(PairError) -> PairValue

  /// What gathers statistics of all pixels before ``calibrate(_:options:reference:)``, which finds it
  /// as ``Overview/statistics``; nil where the overview is enough.
  func reducer(
    for image: ImageDescription, options: PairOptions
  ) throws(PairError) -> (any ImageReducer)?

  /// What its translators read around a pixel, as far as it is known before an image is seen; nil
  /// where the image decides.
  func footprint(options: PairOptions) throws(PairError) -> Footprint?

  /// One line that the user should know of an image before it is translated; nil for none.
  func remark(on image: ImageDescription, options: PairOptions) -> String?

  /// The same pair, computing on so many threads.
  func running(onThreads count: Int) throws(PairError) -> any DomainPair

  /// The same pair with what was measured on another image, as ``Calibration/sidecar`` had it.
  func calibrated(with sidecar: [UInt8]) throws(PairError) -> any DomainPair
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

  /// None.
  public func reducer(
    for image: ImageDescription, options: PairOptions
  ) throws(PairError) -> (any ImageReducer)? { nil }

  /// Not known.
  public func footprint(options: PairOptions) throws(PairError) -> Footprint? { nil }

  /// Nothing.
  public func remark(on image: ImageDescription, options: PairOptions) -> String? { nil }

  /// Itself: most pairs use the threads that call them.
  public func running(onThreads count: Int) throws(PairError) -> any DomainPair { self }

  /// Refuses: most pairs keep no calibration.
  public func calibrated(with sidecar: [UInt8]) throws(PairError) -> any DomainPair {
    throw PairError("the pair \(description.id) keeps no calibration; leave --calibration out")
  }
}

/// A mapping from one visual domain to another: what a plugin registers.
///
/// A pair sees pixels, never files. For each image the engine calls
/// ``calibrate(_:options:reference:)`` once and then the returned translator, window by window.
public protocol DomainPair: Sendable {
  /// The pair's name, domains, options and requirements.
  var description: PairDescription { get }

  /// Returns parts of level 0 that ``calibrate(_:options:reference:)`` needs besides the overview.
  func samples(
    for overview: borrowing Overview, options: PairOptions
  ) throws(PairError) -> [PixelRegion]

  /// Looks at the whole image once and decides what to do with it.
  ///
  /// For a volume that the pair takes as such, it is called once per slice orientation: the
  /// overview is the middle slice, its samples are slices from all over the volume, and the
  /// translator serves all slices.
  ///
  /// `reference` is the target that the user chose with `--reference`, already fitted, or nil.
  func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration

  /// Fits a target to one image, as an object that goes into a reference file.
  func fit(_ overview: borrowing Overview, options: PairOptions) throws(PairError) -> PairValue

  /// Combines the targets of several images, a cohort, into one.
  func combine(_ references: [PairValue]) throws(PairError) -> PairValue

  /// Returns an object that gathers statistics of all pixels before
  /// ``calibrate(_:options:reference:)``, which finds it as ``Overview/statistics``; nil if the
  /// overview is enough.
  func reducer(
    for image: ImageDescription, options: PairOptions
  ) throws(PairError) -> (any ImageReducer)?

  /// Returns what its translators read around a pixel, as far as known before an image is seen; nil
  /// if it depends on the image.
  func footprint(options: PairOptions) throws(PairError) -> Footprint?

  /// Returns one line that the user should know about an image before translation, or nil.
  func remark(on image: ImageDescription, options: PairOptions) -> String?

  /// Returns the same pair, computing on `count` threads.
  func running(onThreads count: Int) throws(PairError) -> any DomainPair

  /// Returns the same pair with what was measured on another image, from ``Calibration/sidecar``.
  func calibrated(with sidecar: [UInt8]) throws(PairError) -> any DomainPair
}

extension DomainPair {
  /// Returns none: the overview is enough for most pairs.
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

  /// Returns nil: the overview is enough for most pairs.
  public func reducer(
    for image: ImageDescription, options: PairOptions
  ) throws(PairError) -> (any ImageReducer)? { nil }

  /// Returns nil: not known in advance.
  public func footprint(options: PairOptions) throws(PairError) -> Footprint? { nil }

  /// Returns nil.
  public func remark(on image: ImageDescription, options: PairOptions) -> String? { nil }

  /// Returns the pair itself: most pairs use the threads that call them.
  public func running(onThreads count: Int) throws(PairError) -> any DomainPair { self }

  /// Refuses: most pairs keep no calibration.
  public func calibrated(with sidecar: [UInt8]) throws(PairError) -> any DomainPair {
    throw PairError("the pair \(description.id) keeps no calibration; leave --calibration out")
  }
}

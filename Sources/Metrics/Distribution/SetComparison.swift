public import Base
import Color

/// What two sets of images have in common.
public struct SetComparison: Sendable {
  /// The numbers.
  public private(set) var figures: [SetFigure] = []
  /// What could not be measured or must be said with the numbers; a line each.
  public private(set) var notes: [String] = []

  /// Compares two sets that were surveyed for the same metrics.
  ///
  /// Throws where features cannot be compared, or `isCancelled` is true.
  public init(
    _ first: SetSurvey, _ second: SetSurvey, kernel: KernelDistance = KernelDistance(),
    isCancelled: () -> Bool = { false }
  ) throws(TesseraError) {
    guard first.count > 0, second.count > 0 else {
      throw TesseraError("comparing two sets: one has no image that could be read")
    }
    let metrics = first.metrics.intersection(second.metrics)
    if let one = first.features, let other = second.features {
      try addFeatures(one, other, metrics, kernel, isCancelled)
    }
    if metrics.contains(.histogram) { addHistograms(first, second) }
    if metrics.contains(.color) { addColors(first, second) }
    if metrics.contains(.stainAngle) { addStains(first, second) }
    if metrics.contains(.stainNMI) { addIntensities(first, second) }
  }

  private mutating func addFeatures(
    _ first: FeatureSet, _ second: FeatureSet, _ metrics: Set<SetMetric>, _ kernel: KernelDistance,
    _ isCancelled: () -> Bool
  ) throws(TesseraError) {
    let minimum = min(first.count, second.count)
    guard minimum > 1 else {
      notes.append("no FID or KID: each set needs at least two images")
      return
    }
    if metrics.contains(.kid) {
      let figure = try kernel.measure(first, second, isCancelled: isCancelled)
      figures.append(
        SetFigure(
          "kid", figure.mean, deviation: figure.deviation > 0 ? figure.deviation : nil,
          "kernel distance of the network's features, without bias; 0 = the same distribution"))
    }
    if metrics.contains(.fid) {
      figures.append(
        SetFigure(
          "fid", try FrechetDistance.measure(first, second),
          "Fréchet distance of the network's features; 0 = the same distribution"))
      if minimum < FrechetDistance.minimumImages {
        notes.append(
          "FID of \(first.count) and \(second.count) images is biased upwards: compare it only with "
            + "sets of the same size, or use KID; \(FrechetDistance.minimumImages) are the least for a "
            + "figure that stands alone")
      }
    }
    if metrics.contains(.kid), minimum < 50 {
      notes.append("KID of \(minimum) images is mostly chance; give 50 or more")
    }
  }

  private mutating func addHistograms(_ first: SetSurvey, _ second: SetSurvey) {
    guard first.histogram.channels == second.histogram.channels else {
      notes.append("no histogram distance: the sets have other numbers of channels")
      return
    }
    figures.append(
      SetFigure(
        "histogram", first.histogram.wasserstein(to: second.histogram) * second.width,
        "levels by which samples must move on average to have the other's histogram (1-Wasserstein)"
      ))
    figures.append(
      SetFigure(
        "histogram-correlation", first.histogram.correlation(with: second.histogram),
        "correlation of the histograms in 256 bins; 1 = the same"))
  }

  private mutating func addColors(_ first: SetSurvey, _ second: SetSurvey) {
    guard first.histogram.channels == 3 || first.metrics.isDisjoint(with: [.histogram]),
      first.colors.mean.x.isFinite, second.colors.mean.x.isFinite
    else {
      notes.append("no colour distance: it needs red, green and blue")
      return
    }
    figures.append(
      SetFigure(
        "colour", ColorDifference.cie76(first.colors.mean, second.colors.mean),
        "distance of the mean colours in CIE Lab"))
    figures.append(
      SetFigure(
        "colour-spread", ColorDifference.cie76(first.colors.deviation, second.colors.deviation),
        "distance of the standard deviations of L, a and b"))
  }

  private mutating func addStains(_ first: SetSurvey, _ second: SetSurvey) {
    guard let one = MeasuredStains(averaging: first.stains),
      let other = MeasuredStains(averaging: second.stains)
    else {
      notes.append("no stain angle: no stain vectors were found in one of the sets")
      return
    }
    for (name, angle) in [
      ("haematoxylin", one.angles(to: other).haematoxylin), ("eosin", one.angles(to: other).eosin),
    ] {
      figures.append(
        SetFigure(
          "stain-angle \(name)", angle,
          "degrees between the sets' mean stain vectors (Macenko); 0 = the same stain"))
    }
  }

  private mutating func addIntensities(_ first: SetSurvey, _ second: SetSurvey) {
    guard !first.intensities.isEmpty, !second.intensities.isEmpty else {
      notes.append("no stain-nmi: no tissue was found in one of the sets")
      return
    }
    let (mean1, deviation1) = Self.moments(first.intensities)
    let (mean2, deviation2) = Self.moments(second.intensities)
    figures.append(
      SetFigure(
        "stain-nmi", mean1, deviation: deviation1,
        "median over 95th percentile of the tissue's brightness, mean of the images; the other set "
          + "has \(Self.short(mean2)) ± \(Self.short(deviation2))"))
    if first.intensities.count > 1 {
      figures.append(
        SetFigure(
          "stain-nmi-cv", deviation1 / mean1,
          "its standard deviation over its mean; less = more alike within the set"))
    }
  }

  private static func short(_ value: Double) -> String {
    String(Double((value * 10_000).rounded()) / 10_000)
  }

  private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    guard values.count > 1 else { return (mean, 0) }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count - 1)).squareRoot())
  }
}

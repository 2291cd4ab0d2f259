import Color
import TesseraPlugin

/// What a method knows of the colors of an image.
enum Appearance: Sendable, Hashable {
  /// Stain vectors and their strength.
  case stains(StainFit)
  /// Statistics of the Lab channels.
  case lab(LabFit)

  /// What makes it unusable, or nil.
  var fault: String? {
    switch self {
    case .stains(let fit): fit.fault
    case .lab(let fit): fit.fault
    }
  }

  /// Whether all numbers are finite: others cannot stand in a file.
  var isFinite: Bool {
    switch self {
    case .stains(let fit):
      fit.stains.haematoxylin.isFinite && fit.stains.eosin.isFinite
        && fit.maxConcentrations.x.isFinite && fit.maxConcentrations.y.isFinite
    case .lab(let fit): fit.means.isFinite && fit.deviations.isFinite
    }
  }

  /// The numbers by name, as they stand in a reference file and in a report.
  var values: [String: PairValue] {
    switch self {
    case .stains(let fit):
      [
        "stains": .list([
          .numbers(fit.stains.haematoxylin.list), .numbers(fit.stains.eosin.list),
        ]),
        "maxConcentrations": .numbers([fit.maxConcentrations.x, fit.maxConcentrations.y]),
      ]
    case .lab(let fit):
      ["means": .numbers(fit.means.list), "deviations": .numbers(fit.deviations.list)]
    }
  }

  /// Reads ``values`` back; nil if something is missing or has the wrong length.
  init?(_ value: PairValue, method: StainMethod) {
    func vector(_ value: PairValue?) -> SIMD3<Double>? {
      guard let numbers = value?.numbers, numbers.count == 3 else { return nil }
      return SIMD3(numbers[0], numbers[1], numbers[2])
    }
    if method.separatesStains {
      guard case .list(let stains)? = value["stains"], stains.count == 2,
        let h = vector(stains[0]), let e = vector(stains[1]),
        let maxima = value["maxConcentrations"]?.numbers, maxima.count == 2
      else { return nil }
      self = .stains(
        StainFit(
          stains: StainMatrix(haematoxylin: h, eosin: e),
          maxConcentrations: SIMD2(maxima[0], maxima[1])))
    } else {
      guard let means = vector(value["means"]), let deviations = vector(value["deviations"])
      else { return nil }
      self = .lab(LabFit(means: means, deviations: deviations))
    }
  }
}

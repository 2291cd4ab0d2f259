import Color
import TesseraPlugin

/// A target as it stands in a reference file.
struct Reference: Sendable, Hashable {
  /// The method it was fitted for.
  var method: StainMethod
  /// The conventions it was fitted under.
  var conventions: Conventions
  /// The stains of the slide it was fitted to.
  var stains = StainPair.he
  /// The colors to reach.
  var appearance: Appearance
  /// The level of the glass that densities are relative to, 1...255; Lab does without.
  var white: Double

  /// The version of the file layout.
  ///
  /// 2: strength by the 95th percentile, glass of its own.
  static let version = 2.0

  /// The glass to reach.
  var glass: Glass { conventions == .tessera ? Glass(level: white) : Glass() }

  /// The object for the file.
  var value: PairValue {
    var values = appearance.values
    values["pair"] = .text(StainNormalization.id)
    values["version"] = .number(Self.version)
    values["method"] = .text(method.rawValue)
    values["compat"] = .text(conventions.rawValue)
    values["stain"] = .text(stains.rawValue)
    if method.separatesStains { values["white"] = .number(white) }
    return .object(values)
  }

  /// Collects what a file holds.
  init(method: StainMethod, conventions: Conventions, appearance: Appearance, white: Double) {
    self.method = method
    self.conventions = conventions
    self.appearance = appearance
    self.white = white
  }

  /// What came of fitting a slide.
  init(_ options: FitOptions, appearance: Appearance, white: Double) {
    self.init(
      method: options.method, conventions: options.conventions, appearance: appearance, white: white
    )
    stains = options.stains
  }

  /// Reads an object of ``value``; throws at one that is not a reference of this pair or is damaged.
  init(_ value: PairValue) throws(PairError) {
    guard let pair = value["pair"]?.text else {
      throw PairError(
        "the reference does not say which pair it is for; make one with "
          + "'tessera fit --pair \(StainNormalization.id)'")
    }
    guard pair == StainNormalization.id else {
      throw PairError(
        "the reference was made for the pair '\(pair)', not for '\(StainNormalization.id)'")
    }
    guard value["version"]?.number == Self.version else {
      throw PairError(
        "the reference was fitted by an earlier Tessera, in another way; make it again with "
          + "'tessera fit --pair \(StainNormalization.id)'")
    }
    guard let method = value["method"]?.text.flatMap(StainMethod.init(rawValue:)),
      let conventions = value["compat"]?.text.flatMap(Conventions.init(rawValue:)),
      conventions.methods.contains(method),
      let stains = value["stain"]?.text.flatMap(StainPair.init(rawValue:)),
      let appearance = Appearance(value, method: method)
    else { throw PairError("the reference is damaged: a value is missing or no number") }
    let builtIn = Self.builtInWhite(conventions)
    let white = method.separatesStains ? value["white"]?.number : builtIn
    guard let white, white == builtIn || conventions == .tessera && (100...255).contains(white)
    else {
      throw PairError("the reference is damaged: its white point is not that of \(conventions)")
    }
    if let fault = appearance.fault { throw PairError("the reference is damaged: \(fault)") }
    if case .stains(let fit) = appearance {
      for vector in [fit.stains.haematoxylin, fit.stains.eosin]
      where abs(vector.length - 1) > 0.01 {
        throw PairError("the reference is damaged: a stain vector is not of unit length")
      }
    }
    self.init(method: method, conventions: conventions, appearance: appearance, white: white)
    self.stains = stains
  }

  /// The glass of the built-in target: under our own conventions that which it was measured with.
  static func builtInWhite(_ conventions: Conventions) -> Double {
    conventions == .tessera ? 240 : conventions.density.white
  }

  /// The target when the user names none.
  static func builtIn(_ method: StainMethod, _ conventions: Conventions) -> Reference {
    let appearance: Appearance =
      method.separatesStains
      ? .stains(.builtIn)
      : .lab(conventions == .tessera ? .builtInTissue : .builtIn)
    return Reference(
      method: method, conventions: conventions, appearance: appearance,
      white: builtInWhite(conventions))
  }

  /// Averages references of one method and compat: stain vectors componentwise and then brought
  /// back to unit length, concentrations, means and deviations as they are.
  init(averaging references: [Reference]) throws(PairError) {
    guard let first = references.first else { throw PairError("there is no reference to average") }
    guard references.count > 1 else {
      self = first
      return
    }
    let count = Double(references.count)
    var (h, e, maxima) = (SIMD3<Double>(), SIMD3<Double>(), SIMD2<Double>())
    var (means, deviations) = (SIMD3<Double>(), SIMD3<Double>())
    var white = 0.0
    for reference in references {
      guard reference.method == first.method, reference.conventions == first.conventions,
        reference.stains == first.stains
      else {
        throw PairError(
          "references of \(first.method), compat \(first.conventions), stains \(first.stains), and of "
            + "\(reference.method), compat \(reference.conventions), stains \(reference.stains), "
            + "cannot be averaged")
      }
      white += reference.white / count
      switch reference.appearance {
      case .stains(let fit):
        h += fit.stains.haematoxylin / count
        e += fit.stains.eosin / count
        maxima += fit.maxConcentrations / count
      case .lab(let fit):
        means += fit.means / count
        deviations += fit.deviations / count
      }
    }
    let appearance: Appearance =
      first.method.separatesStains
      ? .stains(
        StainFit(
          stains: StainMatrix(haematoxylin: h.unit, eosin: e.unit), maxConcentrations: maxima))
      : .lab(LabFit(means: means, deviations: deviations))
    if let fault = appearance.fault { throw PairError("the average is unusable: \(fault)") }
    self.init(
      method: first.method, conventions: first.conventions, appearance: appearance, white: white)
    stains = first.stains
  }
}

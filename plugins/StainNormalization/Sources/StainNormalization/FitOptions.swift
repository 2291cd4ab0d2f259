import Color
import TesseraPlugin

/// How a slide is to be fitted: the options of the pair, checked.
struct FitOptions: Sendable {
  let method: StainMethod
  let conventions: Conventions
  let stains: StainPair
  let score: TissueMask.Score
  /// The glass that the user knows; nil to find it.
  let white: Glass?

  /// Reads the options; throws where they do not go together.
  init(_ options: PairOptions) throws(PairError) {
    guard let method = StainMethod(rawValue: options.text("method")),
      let conventions = Conventions(rawValue: options.text("compat")),
      let stains = StainPair(rawValue: options.text("stains")),
      let score = TissueMask.Score(rawValue: options.text("mask"))
    else { throw PairError("method, compat, stains or mask has a value that is unknown") }
    guard conventions.methods.contains(method) else {
      let others = Conventions.allCases.filter { $0.methods.contains(method) }
        .map(\.rawValue).joined(separator: ", ")
      throw PairError(
        "\(conventions) has no method \(method); set compat to one of \(others), or method to one "
          + "of \(conventions.methods.map(\.rawValue).joined(separator: ", "))")
    }
    guard stains == .he || conventions == .tessera && method != .vahadane else {
      throw PairError(
        "stains=\(stains) has fixed vectors: it goes with compat=tessera, and with the methods "
          + "macenko and ruifrok, which are then the same, and reinhard")
    }
    self.method = method
    self.conventions = conventions
    self.stains = stains
    self.score = score
    white = try Self.glass(options.text("white"))
    guard white == nil || conventions == .tessera else {
      throw PairError("white is for compat=tessera: \(conventions) has a white of its own")
    }
  }

  private static func glass(_ text: String) throws(PairError) -> Glass? {
    guard text != "auto" else { return nil }
    let levels = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard levels.count == 3, levels.allSatisfy({ $0.map((20...255).contains) ?? false }) else {
      throw PairError(
        "white cannot be '\(text)': use auto, or the levels of R, G and B, as 243,240,245, each 20 to 255"
      )
    }
    var glass = Glass()
    for (channel, level) in levels.enumerated() { glass.share[channel] = (level ?? 255) / 255 }
    return glass
  }

  /// Reads a reference and checks that it was fitted with these options.
  func target(_ value: PairValue) throws(PairError) -> Reference {
    let reference = try Reference(value)
    func check(_ name: String, _ theirs: String, _ ours: String) throws(PairError) {
      guard theirs != ours else { return }
      throw PairError(
        "the reference was fitted with \(name)=\(theirs), this run uses \(name)=\(ours); set the same "
          + "or fit the reference again")
    }
    try check("method", "\(reference.method)", "\(method)")
    try check("compat", "\(reference.conventions)", "\(conventions)")
    try check("stains", "\(reference.stains)", "\(stains)")
    return reference
  }

  /// The target where the user names none; throws where there is none.
  func builtIn() throws(PairError) -> Reference {
    guard stains == .he else {
      throw PairError(
        "there is no built-in target for stains=\(stains); fit one to a slide with 'tessera fit "
          + "--pair \(StainNormalization.id) --set stains=\(stains)', and give it with --reference")
    }
    return .builtIn(method, conventions)
  }
}

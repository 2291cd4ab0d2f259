/// Notices what users of these methods find out too late: a discriminator that has won, and colors
/// that are turned around.
struct HealthWatch {
  private var quietSteps = 0
  private var told: Set<String> = []

  /// Steps in a row after which a discriminator counts as having won.
  static let patience = 200
  private static let quiet = 0.01

  /// Looks at the losses of a step; a sentence where something is newly wrong.
  mutating func observe(_ losses: [Loss], mode: AdversarialLoss) -> String? {
    // Of WGAN small losses mean nothing.
    guard mode != .wgangp else { return nil }
    let outputs = losses.filter { $0.name.hasPrefix("D_") }
    let hasWon = !outputs.isEmpty && outputs.allSatisfy { abs($0.value) < Self.quiet }
    quietSteps = hasWon ? quietSteps + 1 : 0
    guard quietSteps == Self.patience else { return nil }
    return once(
      "the discriminator tells all made pictures apart (its losses have been below \(Self.quiet) for "
        + "\(Self.patience) steps), so the generator learns little from it: lower --ndf or "
        + "--learning-rate, or look whether both domains differ by something trivial")
  }

  /// Compares the brightness of what was made with where it came from, and with its target.
  mutating func observe(source: [Float], made: [Float], target: [Float]?) -> String? {
    let found = Self.correlation(made, target ?? source)
    let expected = target.map { Self.correlation($0, source) } ?? 1
    guard found < -0.4, target != nil || expected > 0 else { return nil }
    return once(
      "results are negatives of \(target == nil ? "their sources" : "their targets") (correlation of "
        + "brightness \(ShortNumber.text(found))): unless this is meant, start again with another "
        + "--seed, or with a higher identity weight")
  }

  private mutating func once(_ text: String) -> String? {
    told.insert(text.prefix(20).description).inserted ? text : nil
  }

  static func correlation(_ a: [Float], _ b: [Float]) -> Double {
    let count = Double(a.count)
    let (meanA, meanB) = (
      a.reduce(0.0) { $0 + Double($1) } / count, b.reduce(0.0) { $0 + Double($1) } / count
    )
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      let (x, y) = (Double(x) - meanA, Double(y) - meanB)
      (ab, aa, bb) = (ab + x * y, aa + x * x, bb + y * y)
    }
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
  }
}

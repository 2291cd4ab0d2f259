import TesseraPlugin

/// What is to be done with an image, apart from where it comes from and goes to.
public struct TranslationSettings: Sendable {
  /// The pair that translates.
  public var pair: any DomainPair
  /// A value for each option of the pair.
  public var options: PairOptions
  /// The target, already fitted; nil is the pair's own.
  public var reference: PairValue?
  /// Side of a core in px, nil to leave it to the pair.
  ///
  /// The output does not depend on it.
  public var tile: Int?
  /// Where the lattice of cores begins in px, for proofs; the output does not depend on it either.
  public var offset = 0
  /// Whether pixels outside of the pair's foreground are passed through byte for byte.
  public var keepBackground: Bool
  /// Bit depth of the output; nil keeps the input's.
  public var depth: OutputDepth?

  /// Uses `pair` with all else at its default.
  public init(_ pair: any DomainPair, options: PairOptions) {
    self.pair = pair
    self.options = options
    keepBackground = false
  }
}

public import TesseraPlugin
public import TileIO

/// What is to be done with an image, apart from where it comes from and goes to.
public struct TranslationSettings: Sendable {
  /// The pair that translates.
  public var pair: any DomainPair
  /// A value for each option of the pair.
  public var options: PairOptions
  /// The further images that the pair takes, in the order in which it declares them.
  public var furtherImages: [any ImageSource] = []
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
  /// Where the image is translated; nil is everywhere.
  ///
  /// What lies outside is passed through byte for byte.
  public var regions: PolygonRegions?
  /// What the pair is fitted on; nil to leave it to the pair.
  public var fitArea: FitArea?
  /// Bit depth of the output; nil keeps the input's.
  public var depth: OutputDepth?

  /// Uses `pair` with all else at its default.
  public init(_ pair: any DomainPair, options: PairOptions) {
    self.pair = pair
    self.options = options
    keepBackground = false
  }

  /// Why the settings do not go with the pair, whatever the image; nil where they do.
  public var misuse: String? {
    let pair = pair.description
    if fitArea != nil, !pair.fitsOnMask {
      return "--mask: the pair \(pair.id) is not fitted on a part of an image; leave it out"
    }
    if regions != nil {
      guard pair.output == .picture, pair.scale == .one, pair.outputChannels == pair.channels
      else {
        return
          "--region: the pair \(pair.id) makes \(pair.output == .picture ? "images of another size or other channels" : "no pictures"),"
          + " beside which the rest of the image has no place; leave it out"
      }
    }
    if keepBackground {
      guard pair.output == .picture else {
        return "--keep-background would put pixels of the image among the"
          + " \(pair.output.isLabels ? "labels" : "values") that \(pair.id) makes; leave it out"
      }
      guard pair.hasForeground else {
        return "--keep-background: the pair \(pair.id) does not tell foreground from background;"
          + " leave it out, or choose another pair"
      }
      guard pair.scale == .one, pair.outputChannels == pair.channels else {
        return "--keep-background: the pair \(pair.id) makes images of another size or other"
          + " channels, in which the background has no place; leave it out"
      }
    }
    return nil
  }
}

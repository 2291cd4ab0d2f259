/// What the user is told about a pair, and what the engine checks before it runs one.
public struct PairDescription: Sendable, Hashable {
  /// Identifier for `--pair`, in kebab case.
  public let id: String
  /// A title of a few words.
  public let title: String
  /// What goes in, such as "H&E slide".
  public let sourceDomain: String
  /// What comes out.
  public let targetDomain: String
  /// Version of the pair; a new one makes finished outputs stale.
  public let version: String
  /// Licence of the pair, as an SPDX identifier.
  public let licence: String
  /// A sentence or two on what the pair does and where it fails.
  public let summary: String
  /// Colour channels it takes, alpha not counted.
  public let channels: Int
  /// Colour channels it makes.
  public let outputChannels: Int
  /// Pixels of output a pixel of the image.
  public let scale: PixelScale
  /// Whether its translators write cores of any sample format themselves, so that nothing is
  /// rounded to the image's format on the way.
  public let convertsDepth: Bool
  /// Options for `--set`.
  public let options: [PairOption]
  /// What its images show.
  public var content = PairContent.picture
  /// What it makes show; nothing averages, rescales or compresses labels with loss.
  public var outputContent = PairContent.picture
  /// How the samples of its images may be stored; the engine refuses others.
  public var formats: Set<SampleFormat> = [.uint8, .uint16, .float32]
  /// The values that float output keeps to; nil promises none.
  public var outputRange: ClosedRange<Float>?
  /// The data that it was learned from, where it was.
  public var learnedFrom: String?

  /// Describes a pair.
  public init(
    id: String, title: String, sourceDomain: String, targetDomain: String, version: String,
    licence: String, summary: String, channels: Int, outputChannels: Int? = nil,
    scale: PixelScale = .one, convertsDepth: Bool = false, options: [PairOption] = []
  ) {
    self.id = id
    self.title = title
    self.sourceDomain = sourceDomain
    self.targetDomain = targetDomain
    self.version = version
    self.licence = licence
    self.summary = summary
    self.channels = channels
    self.outputChannels = outputChannels ?? channels
    self.scale = scale
    self.convertsDepth = convertsDepth
    self.options = options
  }
}

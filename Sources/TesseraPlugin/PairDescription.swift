/// What the user is told about a pair, and what the engine checks before it runs one.
public struct PairDescription: Sendable, Hashable {
  /// Identifier for `--pair`, in kebab case.
  public let id: String
  /// A title of a few words.
  public let title: String
  /// The input domain, such as "H&E slide".
  public let sourceDomain: String
  /// The output domain.
  public let targetDomain: String
  /// Version of the pair; a new one makes finished outputs stale.
  public var version: String
  /// License of the pair, as an SPDX identifier.
  public let license: String
  /// A sentence or two on what the pair does and where it fails.
  public let summary: String
  /// Color channels of the input, without alpha.
  public let channels: Int
  /// Color channels of the output.
  public let outputChannels: Int
  /// Output pixels per input pixel.
  public var scale: PixelScale
  /// Whether its translators themselves write cores of any sample format, so that nothing is
  /// rounded to the image's format on the way.
  public let convertsDepth: Bool
  /// Options for `--set`.
  public let options: [PairOption]
  /// The kind of images it takes.
  public var input = PairInput.picture
  /// Inputs that it takes besides the image.
  public var furtherInputs: [FurtherInput] = []
  /// The kind of output it makes.
  public var output = PairOutput.picture
  /// Sample formats that it accepts; the engine refuses others.
  public var formats: Set<SampleFormat> = [.uint8, .uint16, .float32]
  /// The range of float output; nil promises none.
  public var outputRange: ClosedRange<Float>?
  /// Whether float samples may be physical values such as HU; false where 1 is white.
  public var takesPhysicalValues = true
  /// Whether its calibrations give a foreground, which `--keep-background` needs.
  public var hasForeground = false

  /// Whether it is fitted on a part of the image that the user chose, ``Overview/fitMask``.
  public var fitsOnMask = false
  /// Extension of the files that keep its calibrations, such as "safetensors"; nil if there is
  /// nothing to keep.
  public var calibrationEnding: String?
  /// What readers of a result have to know, such as that it is synthetic; kept in the result.
  public var note: String?
  /// The data that it was trained on, if any.
  public var learnedFrom: String?

  /// Describes a pair.
  public init(
    id: String, title: String, sourceDomain: String, targetDomain: String, version: String,
    license: String, summary: String, channels: Int, outputChannels: Int? = nil,
    scale: PixelScale = .one, convertsDepth: Bool = false, options: [PairOption] = []
  ) {
    self.id = id
    self.title = title
    self.sourceDomain = sourceDomain
    self.targetDomain = targetDomain
    self.version = version
    self.license = license
    self.summary = summary
    self.channels = channels
    self.outputChannels = outputChannels ?? channels
    self.scale = scale
    self.convertsDepth = convertsDepth
    self.options = options
  }

  /// Whether it takes volumes as such, and no pictures.
  public var takesVolumes: Bool { if case .volume = input { true } else { false } }

  /// Channels of a window: those of the image and of all further inputs.
  public var windowChannels: Int {
    furtherInputs.reduce(channels) { $0 + $1.kind.channels }
  }

  /// The options plus the numbers among the further inputs, which have no default of their own.
  public var declaredOptions: [PairOption] {
    options
      + furtherInputs.compactMap { input in
        guard case .number(let range) = input.kind else { return nil }
        return PairOption(
          input.name, .number(range), default: "\(range.lowerBound)", help: input.help)
      }
  }
}

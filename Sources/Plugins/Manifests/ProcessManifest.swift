public import TesseraPlugin
public import Translation

/// What `pair.json` of a program that translates says.
public struct ProcessManifest: Codable, Sendable, Hashable, CheckedManifest {
  /// How the program is run.
  public struct Launch: Codable, Sendable, Hashable {
    /// The program and its arguments; the working directory is the folder of the manifest.
    public var command: [String]
    /// The longest that one answer may take, 60 s unless given.
    public var timeoutSeconds: Double?
    /// The most copies of the program that run at once; as many as threads unless given.
    public var copies: Int?
  }

  /// Version of the layout that the manifest has.
  public var format: Int
  /// Identifier, in kebab case.
  public var id: String
  /// A title of a few words.
  public var title: String
  /// What goes in.
  public var sourceDomain: String
  /// What comes out.
  public var targetDomain: String
  /// Version of the pair; another one makes finished outputs stale.
  public var version: String
  /// License, as an SPDX identifier.
  public var license: String
  /// A sentence or two on what it does and where it fails.
  public var summary: String
  /// How the program is run.
  public var process: Launch
  /// Color channels it takes.
  public var channels: Int
  /// Color channels it makes; as many unless given.
  public var outputChannels: Int?
  /// Pixels of output a pixel of the image, as a numerator and a denominator.
  public var scale: [Int]?
  /// How samples may be stored: any of uint8, uint16 and float32; all unless given.
  public var formats: [SampleFormat]?
  /// Whether it takes numbers of classes.
  public var labels: Bool?
  /// Whether it makes numbers of classes.
  public var outputLabels: Bool?
  /// The classes of the label maps that it makes, the one of number 0 first.
  public var outputClasses: [LabelClass]?
  /// What the channels of measured values are called, where it makes those.
  public var outputValues: [String]?
  /// How volumes become its slices, where it takes volumes.
  public var volume: SliceFormat?
  /// What it takes besides the image.
  public var inputs: [InputManifest]?
  /// Whether it writes cores of any sample format, whatever that of the image.
  public var convertsDepth: Bool?
  /// Whether it says which parts of level 0 it wants to see before it calibrates.
  public var samples: Bool?
  /// Whether it makes one target of several.
  public var combines: Bool?
  /// Whether its calibrations tell a foreground.
  public var foreground: Bool?
  /// Ending of the files in which its calibrations are kept.
  public var calibration: String?
  /// What its windows need, as far as no image decides it.
  public var footprint: FootprintManifest?
  /// What readers of a result have to know.
  public var note: String?
  /// Red, green and blue of each class, for label maps that are stored as colors.
  public var palette: [[UInt8]]?
  /// Two values that float output keeps to.
  public var outputRange: [Float]?
  /// The data that it was learned from.
  public var learnedFrom: String?
  /// Options for `--set`.
  public var options: [OptionManifest]?
  /// A file with a small input and its output.
  public var golden: String?

  private enum CodingKeys: String, CodingKey {
    case format, id, title, sourceDomain, targetDomain, version, summary, process, channels
    case outputChannels, scale, formats, labels, outputLabels, outputClasses, outputValues, volume
    case inputs, convertsDepth, samples, combines, foreground, calibration, footprint, note
    case palette, outputRange, learnedFrom, options, golden
    case license = "licence"
  }

  /// The longest that one answer may take, in seconds.
  public var timeout: Double { process.timeoutSeconds ?? 60 }

  /// The longest time limit, in seconds; far larger ones are beyond what clocks count.
  static let longestTimeout = 604_800.0

  /// The pair that the manifest describes.
  public var description: PairDescription {
    var description = PairDescription(
      id: id, title: title, sourceDomain: sourceDomain, targetDomain: targetDomain,
      version: version, license: license, summary: summary, channels: channels,
      outputChannels: outputChannels, scale: scale.map { PixelScale($0[0], $0[1]) } ?? .one,
      convertsDepth: convertsDepth ?? false,
      options: (options ?? []).compactMap(\.option) + (volume?.options ?? []))
    if labels == true { description.input = .labels(colors: palette ?? []) }
    if let volume { description.input = .volume(volume) }
    if outputLabels == true { description.output = .labels(outputClasses ?? []) }
    if let outputValues { description.output = .values(outputValues) }
    description.furtherInputs = (inputs ?? []).compactMap(\.input)
    description.hasForeground = foreground ?? false
    description.calibrationEnding = calibration
    description.note = note
    if let formats { description.formats = Set(formats) }
    if let outputRange { description.outputRange = outputRange[0]...outputRange[1] }
    description.learnedFrom = learnedFrom
    return description
  }

  var fault: String? {
    guard format == 1 else { return "it is of format \(format), this version of tessera reads 1" }
    guard PluginName.isValid(id) else {
      return "its id '\(id)' is not in kebab case (lower-case letters, digits, hyphens)"
    }
    guard !version.isEmpty else { return "its version is empty" }
    guard let program = process.command.first, !program.isEmpty else {
      return "process.command is empty; name the program and its arguments"
    }
    guard timeout > 0, timeout <= Self.longestTimeout else {
      return "process.timeoutSeconds is \(timeout); write seconds above 0, at most"
        + " \(Int(Self.longestTimeout)) (a week)"
    }
    if let copies = process.copies, !(1...256).contains(copies) {
      return "process.copies is \(copies)"
    }
    for count in [channels, outputChannels ?? channels] where !(1...4096).contains(count) {
      return "it has \(count) channels"
    }
    if let scale {
      guard scale.count == 2, scale.allSatisfy({ (1...64).contains($0) }) else {
        return "its scale is \(scale); write a numerator and a denominator, as in [2, 1]"
      }
    }
    if let fault = footprint?.fault { return fault }
    if let fault = InputManifest.fault(of: inputs ?? []) { return fault }
    guard outputClasses == nil || outputLabels == true else {
      return "outputClasses are for label maps, and it does not say \"outputLabels\": true"
    }
    guard outputValues == nil || outputLabels != true else {
      return "it makes either labels or values, and says outputLabels and outputValues"
    }
    guard volume == nil || labels != true else { return "it takes either labels or a volume" }
    if let calibration,
      calibration.isEmpty || calibration.count > 16
        || !calibration.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    {
      return "calibration is '\(calibration)', not the ending of a file, as \"json\""
    }
    if formats?.isEmpty == true { return "its formats are an empty list" }
    if labels == true, channels != 1 { return "label maps have 1 channel, not \(channels)" }
    if outputLabels == true, (outputChannels ?? channels) != 1 {
      return "outputLabels: label maps have 1 channel, not \(outputChannels ?? channels)"
    }
    guard palette?.allSatisfy({ $0.count == 3 }) != false else {
      return "its palette holds other than three numbers a class"
    }
    if let outputRange {
      guard outputRange.count == 2, outputRange.allSatisfy(\.isFinite),
        outputRange[0] < outputRange[1]
      else { return "its outputRange is \(outputRange), not two rising numbers" }
    }
    if let golden, !PluginName.isFileName(golden) { return "'\(golden)' is no file beside it" }
    return optionFault ?? description.fault
  }

  private var optionFault: String? {
    var names: Set<String> = []
    for option in options ?? [] {
      guard names.insert(option.name).inserted else {
        return "option \(option.name) is there twice"
      }
      if let fault = option.fault { return "option \(option.name): \(fault)" }
    }
    return nil
  }
}

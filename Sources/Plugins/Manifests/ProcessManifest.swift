public import TesseraPlugin

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
  /// Licence, as an SPDX identifier.
  public var licence: String
  /// A sentence or two on what it does and where it fails.
  public var summary: String
  /// How the program is run.
  public var process: Launch
  /// Colour channels it takes.
  public var channels: Int
  /// Colour channels it makes; as many unless given.
  public var outputChannels: Int?
  /// Pixels of output a pixel of the image, as a numerator and a denominator.
  public var scale: [Int]?
  /// How samples may be stored: any of uint8, uint16 and float32; all unless given.
  public var formats: [SampleFormat]?
  /// Whether it takes numbers of classes.
  public var labels: Bool?
  /// Whether it makes numbers of classes.
  public var outputLabels: Bool?
  /// Red, green and blue of each class, for label maps that are stored as colours.
  public var palette: [[UInt8]]?
  /// Two values that float output keeps to.
  public var outputRange: [Float]?
  /// The data that it was learned from.
  public var learnedFrom: String?
  /// Options for `--set`.
  public var options: [OptionManifest]?
  /// A file with a small input and its output.
  public var golden: String?

  /// The longest that one answer may take, in seconds.
  public var timeout: Double { process.timeoutSeconds ?? 60 }

  /// The pair that the manifest describes.
  public var description: PairDescription {
    var description = PairDescription(
      id: id, title: title, sourceDomain: sourceDomain, targetDomain: targetDomain,
      version: version, licence: licence, summary: summary, channels: channels,
      outputChannels: outputChannels, scale: scale.map { PixelScale($0[0], $0[1]) } ?? .one,
      options: (options ?? []).compactMap(\.option))
    if labels == true { description.content = .labels(colours: palette ?? []) }
    if outputLabels == true { description.outputContent = .labels(colours: []) }
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
    guard timeout.isFinite, timeout > 0 else { return "process.timeoutSeconds is \(timeout)" }
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
    return optionFault
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

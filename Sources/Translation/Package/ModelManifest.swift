public import TesseraPlugin

/// What `pair.json` of a model package says.
public struct ModelManifest: Codable, Sendable, Hashable {
  /// The network's file.
  public struct ModelFile: Codable, Sendable, Hashable {
    /// Name beside the manifest.
    public var file: String
    /// SHA-256 of the file, in hexadecimal.
    public var sha256: String
  }

  /// Version of the layout of packages.
  public static let currentFormat = 1

  /// Version of the layout that the package has.
  public var format: Int
  /// Identifier, in kebab case.
  public var id: String
  /// A title of a few words.
  public var title: String
  /// What goes in, such as "summer landscape".
  public var sourceDomain: String
  /// What comes out.
  public var targetDomain: String
  /// Version of the model; another one makes finished outputs stale.
  public var version: String
  /// License of the weights, as an SPDX identifier, or "unknown".
  public var license: String
  /// A sentence or two on what it does and where it fails.
  public var summary: String
  /// The network.
  public var model: ModelFile
  /// What goes in.
  public var input: PictureFormat
  /// What comes out.
  public var output: PictureFormat
  /// µm/px that the network was trained at, where scale matters.
  public var micronsPerPixel: Double?
  /// Norm mode unless the user chooses: `frozen`, `local` or `tile`.
  public var norm: NormMode?
  /// Side in px of the pictures it was trained on, where that is the size to blend windows of.
  public var trainedSize: Int?
  /// Halo in px to use instead of the one that the network's graph tells.
  public var halo: Int?
  /// Name of the file with a small input and its output.
  public var golden: String?
  /// The data that the network learned from.
  public var learnedFrom: String?
  /// How volumes become slices; nil where the network is for pictures.
  public var volume: SliceFormat?
  /// What the network takes besides the image: their channels are the last ones of its input.
  public var inputs: [InputManifest]?
  /// What readers of a result have to know, such as that it is synthetic; kept in the result.
  public var warning: String?

  private enum CodingKeys: String, CodingKey {
    case format, id, title, sourceDomain, targetDomain, version, summary, model, input, output
    case micronsPerPixel, norm, trainedSize, halo, golden, learnedFrom, volume, inputs, warning
    case license = "licence"
  }

  /// The pair, as far as the manifest tells: what its output measures, only its network knows.
  public var description: PairDescription {
    var description = PairDescription(
      id: id, title: title, sourceDomain: sourceDomain, targetDomain: targetDomain,
      version: version, license: license, summary: summary,
      channels: input.imageChannels
        - (inputs ?? []).reduce(0) { $0 + ($1.input?.kind.channels ?? 0) },
      outputChannels: output.imageChannels, convertsDepth: true,
      options: volume?.options ?? NetworkPair.options)
    if input.color == .labels {
      description.input = .labels(
        colors: (input.palette ?? []).map { $0.map { UInt8(clamping: $0) } })
    }
    if var volume {
      volume.range = volume.range ?? output.window
      description.input = .volume(volume)
    }
    description.furtherInputs = (inputs ?? []).compactMap(\.input)
    description.output = output.output
    description.takesPhysicalValues = input.units == .physical
    // NIfTI has room for 79 letters.
    description.note = warning.map { "\($0) Tessera \(id) \(version)" }
    description.learnedFrom = learnedFrom
    return description
  }

  /// Says what is wrong with the manifest, or nothing.
  public var fault: String? {
    guard format == Self.currentFormat else {
      return "it is of format \(format), this version of tessera reads \(Self.currentFormat)"
    }
    for (name, text) in [("id", id), ("version", version)] where text.isEmpty {
      return "its \(name) is empty"
    }
    for file in [model.file] + (golden.map { [$0] } ?? []) {
      guard !file.isEmpty, !file.hasPrefix("."), !file.contains("/"), !file.contains("\\") else {
        return "'\(file)' is no name of a file beside it"
      }
    }
    if let fault = input.fault { return "input: \(fault)" }
    if input.color == .values { return "input: values come out, and never go in" }
    if input.names != nil { return "input: names are for what comes out" }
    if let fault = InputManifest.fault(of: inputs ?? []) { return fault }
    if description.channels < 1 || volume != nil && !(inputs ?? []).isEmpty {
      return
        "inputs: their channels are the last ones of an input that has the image's as well, and"
        + " none go with volumes"
    }
    if let fault = output.fault ?? output.outputFault { return "output: \(fault)" }
    if let micronsPerPixel, !(micronsPerPixel.isFinite && micronsPerPixel > 0) {
      return "micronsPerPixel is \(micronsPerPixel)"
    }
    if let volume {
      if let fault = volume.fault { return "volume: \(fault)" }
      if output.color == .labels {
        return "volume: its output is averaged, which labels cannot be"
      }
      guard volume.channels == input.channels, output.channels == 1 else {
        return "volume: \(volume.neighbors) neighbours make \(volume.channels) channels and one"
          + " comes out, the network has \(input.channels) and \(output.channels)"
      }
    }
    if let trainedSize, !(8...8192).contains(trainedSize) { return "trainedSize is \(trainedSize)" }
    if let halo, !(0...8192).contains(halo) { return "halo is \(halo)" }
    return nil
  }
}

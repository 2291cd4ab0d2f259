import Base
public import Foundation
public import Inference
import ModelGraph
public import Networks
public import TesseraPlugin

/// Makes a model package of a checkpoint or an ONNX file.
public struct ModelImport: Sendable {
  /// What the user says about a model that its file does not.
  public struct Options: Sendable {
    /// What is known about a checkpoint's architecture.
    public var recognition = RecognitionOptions()
    /// Which dictionary of a checkpoint holds the parameters.
    public var entry: String?
    /// The output of an ONNX file that has several; nil is the first.
    public var outputName: String?
    /// Identifier; nil is made of the file's name.
    public var id: String?
    /// A title of a few words.
    public var title: String?
    /// What goes in and what comes out, in words.
    public var domains: (source: String?, target: String?) = (nil, nil)
    /// License of the weights, as an SPDX identifier.
    public var license: String?
    /// The network's numbers for black and white, going in and coming out.
    public var ranges: (input: ClosedRange<Float>?, output: ClosedRange<Float>?) = (nil, nil)
    /// How channels are read.
    public var color: PictureFormat.Color?
    /// Red, green and blue of each class of label maps.
    public var palette: [[Int]]?
    /// The class that numbers beyond those of a label map's classes become.
    public var unknownClass: Int?
    /// Physical values that stand for both ends of the ranges, such as -1000...2000 HU.
    public var windows: (input: ClosedRange<Float>?, output: ClosedRange<Float>?) = (nil, nil)
    /// µm/px that it was trained at.
    public var micronsPerPixel: Double?
    /// Side of the pictures that it was trained on.
    public var trainedSize: Int?
    /// How volumes become slices, where it is for volumes.
    public var volume: SliceFormat?
    /// A JSON object of fields of `pair.json` that replace what was found out.
    public var fields: Data?
    /// The model card; nil is made of what is known.
    public var card: String?

    /// Says nothing.
    public init() {}
  }

  /// The network.
  public let package: ModelPackage
  /// What was recognized, in words.
  public let configuration: String
  /// What had to be assumed, a sentence each.
  public let notes: [String]
  let onnx: Data
  let golden: GoldenSample
  /// The model card that was given.
  let givenCard: String?

  /// Name of the network's file in a package.
  static let modelName = "model.onnx"

  /// Reads the file, recognizes what is in it and runs it once.
  public init(_ path: String, options: Options, engine: InferenceEngine) throws {
    do {
      let found =
        try Self.isONNX(path)
        ? ONNXCandidate(path, options, engine: engine).candidate
        : Self.checkpoint(path, options)
      try self.init(found, path: path, options: options, engine: engine)
    } catch let error as ModelError {
      throw TesseraError(path, error.action, error.reason)
    } catch let error as TesseraError {
      throw error.naming(path)
    }
  }

  /// A network and what is known of it so far.
  struct Candidate {
    var graph: Graph
    var input: PictureFormat
    var output: PictureFormat
    var configuration: String
    var title: String
    var trainedSize: Int?
    var notes: [String]

    /// Takes over what the user says of any network.
    mutating func describe(_ options: Options) {
      input.palette = options.palette
      input.unknownClass = options.unknownClass
      input.take(window: options.windows.input)
      output.take(window: options.windows.output)
    }
  }

  private init(
    _ found: Candidate, path: String, options: Options, engine: InferenceEngine
  ) throws {
    var found = found
    found.describe(options)
    let prepared = try PreparedGraph(found.graph)
    onnx = try prepared.graph.onnx()
    let trained = options.trainedSize ?? found.trainedSize
    let id = options.id ?? Self.identifier(path)
    var manifest = ModelManifest(
      format: ModelManifest.currentFormat, id: id, title: options.title ?? found.title,
      sourceDomain: options.domains.source ?? "images of the training's source",
      targetDomain: options.domains.target ?? "images of the training's target", version: "1",
      license: options.license ?? "unknown", summary: found.configuration,
      model: .init(file: Self.modelName, sha256: SHA256Digest.hexadecimal(of: onnx)),
      input: found.input,
      output: found.output)
    manifest.micronsPerPixel = options.micronsPerPixel
    manifest.trainedSize = trained
    manifest.golden = "golden.safetensors"
    manifest.volume = options.volume
    if let fields = options.fields { manifest = try manifest.replacing(fields) }
    if let fault = manifest.fault { throw ModelError("describing the model", fault) }
    package = try ModelPackage(prepared.graph, manifest: manifest)
    configuration = found.configuration
    notes = found.notes
    givenCard = options.card
    golden = try GoldenSample(
      package.graph, format: manifest.input,
      side: Self.goldenSide(package, trained: trained), engine: engine)
  }

  /// A small picture that the network takes.
  static func goldenSide(_ package: ModelPackage, trained: Int?) -> Int {
    if let fixed = package.fixedSize { return fixed[0] }
    guard let alignment = package.footprint?.alignment else { return trained ?? 256 }
    return (64 + alignment - 1) / alignment * alignment
  }

  private static func checkpoint(_ path: String, _ options: Options) throws -> Candidate {
    guard options.outputName == nil else {
      throw ModelError(
        "recognising the network",
        "--output-name is for ONNX files, and this is a checkpoint: leave it out")
    }
    let file = try Checkpoint.read(path, entry: options.entry)
    var known = options.recognition
    known.takesLabels = known.takesLabels ?? options.color.map { $0 == .labels }
    let network = try Architecture.recognize(file, options: known)
    var input: PictureFormat
    switch network.input {
    case .image:
      input = PictureFormat(
        channels: network.inputChannels,
        color: options.color ?? color(network.inputChannels),
        range: options.ranges.input ?? network.inputRange)
    case .labels(let classes, _):
      guard options.ranges.input == nil else {
        throw ModelError(
          "recognising the network",
          "--input-range: label maps have none; --output-range is that"
            + " of the picture")
      }
      input = PictureFormat(channels: network.inputChannels, color: .labels, range: 0...1)
      input.classes = classes
    }
    let output = PictureFormat(
      channels: network.outputChannels,
      color: network.outputChannels == network.inputChannels && input.color != .labels
        ? input.color : color(network.outputChannels),
      range: options.ranges.output ?? network.outputRange)
    return Candidate(
      graph: network.graph, input: input, output: output,
      configuration: network.configuration, title: network.architecture.title,
      trainedSize: network.trainedSize.map { max($0.width, $0.height) }, notes: network.notes)
  }

  /// How so many channels are usually read.
  static func color(_ channels: Int) -> PictureFormat.Color {
    channels == 3 ? .rgb : channels == 1 ? .gray : .other
  }

  /// Whether a file is ONNX rather than a checkpoint: by its name, else by its first bytes.
  static func isONNX(_ path: String) throws -> Bool {
    if path.lowercased().hasSuffix(".onnx") { return true }
    let isCheckpoint = [".pth", ".pt", ".ckpt", ".safetensors", ".tar", ".bin"].contains {
      path.lowercased().hasSuffix($0)
    }
    if isCheckpoint { return false }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw TesseraError(path, "opening the model", "there is no such file, or it cannot be read")
    }
    defer { try? handle.close() }
    let head = (try? handle.read(upToCount: 2)) ?? Data()
    // The first field of an ONNX file is the version of its layout.
    return head.first == 8 && head.count == 2 && head[head.startIndex + 1] < 32
  }

  /// Kebab case of the file's name; of its folder's where official programs call all files alike.
  static func identifier(_ path: String) -> String {
    let url = URL(filePath: path).standardizedFileURL
    var stem = url.deletingPathExtension().lastPathComponent
    for part in ["_net_G_A", "_net_G_B", "_net_G"] where stem.hasSuffix(part) {
      let name = String(stem.dropLast(part.count))
      let isNumber = name.allSatisfy(\.isNumber) || name == "latest" || name.hasPrefix("iter_")
      stem = isNumber ? url.deletingLastPathComponent().lastPathComponent : name
      if part != "_net_G" { stem += part == "_net_G_A" ? "-a" : "-b" }
      break
    }
    let words = stem.lowercased().split { !$0.isLetter && !$0.isNumber }
    return words.isEmpty ? "model" : words.joined(separator: "-")
  }
}

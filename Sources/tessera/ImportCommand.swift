import ArgumentParser
import Base
import Terminal
import Foundation
import Inference
import Networks
import TileIO
import Translation

extension PictureFormat.Color: ExpressibleByArgument {}
extension SPADEGenerator.Upsampling: ExpressibleByArgument {}
extension RecognitionOptions.LastLayer: ExpressibleByArgument {}

/// `tessera import`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Makes a model package of a checkpoint (.pth, .safetensors) or an ONNX file.",
    discussion: """
      Generators of the official Pix2Pix, CycleGAN, CUT, SPADE and Pix2PixHD, StainNet and fast \
      style transfer are recognised by their parameters; nothing in a .pth is executed.
        tessera import checkpoints/horse2zebra/latest_net_G_A.pth --output horse2zebra
        tessera translate photo.png --output zebra.png --model horse2zebra
      """)

  @Argument(help: ArgumentHelp("The checkpoint or ONNX file.", valueName: "checkpoint"))
  var checkpoint: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write this package.", valueName: "package"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "The architecture (\(Architecture.allCases.map(\.rawValue).joined(separator: ", "))), or auto.",
      valueName: "name"))
  var architecture = "auto"

  @Option(help: ArgumentHelp("Take this one of several networks in the file.", valueName: "G_A"))
  var network: String?

  @Option(help: ArgumentHelp("Take this dictionary of the checkpoint.", valueName: "key"))
  var entry: String?

  @Option(
    help: ArgumentHelp(
      "Take this output of an ONNX file that has several (default: the first).", valueName: "name"))
  var outputName: String?

  @Option(help: "Set the pair's identifier (default: from the file's name).")
  var id: String?

  @Option(help: "Set the title, a few words.")
  var title: String?

  @Option(help: ArgumentHelp("Say what goes in, in words.", valueName: "text"))
  var from: String?

  @Option(help: ArgumentHelp("Say what comes out, in words.", valueName: "text"))
  var to: String?

  @Option(
    name: .customLong("licence"),
    help: ArgumentHelp("Set the licence of the weights, as an SPDX identifier.", valueName: "spdx"))
  var license: String?

  @Option(
    help: ArgumentHelp(
      "Set the network's numbers for black and white (default: found out).", valueName: "low..high")
  )
  var inputRange: String?

  @Option(
    help: ArgumentHelp(
      "Set the same for its output (default: as the input).", valueName: "low..high"))
  var outputRange: String?

  @Option(
    name: .customLong("colour"),
    help:
      "What its channels are: rgb, bgr, grey, labels (one a class) or other (default: by their number)."
  )
  var color: PictureFormat.Color?

  @Flag(
    inversion: .prefixedNo,
    help: "Take the last channel of labels for borders of instances (default: by their number).")
  var edgeChannel: Bool?

  @Option(
    help: ArgumentHelp(
      "Let SPADE double its picture so often: normal, more or most (default: more for 36 channels, else normal).",
      valueName: "kind"))
  var upsampling: SPADEGenerator.Upsampling?

  @Option(
    help: ArgumentHelp(
      "End a checkpoint's generator in tanh, sigmoid or none (default: tanh).",
      valueName: "kind"))
  var lastLayer: RecognitionOptions.LastLayer?

  @Option(
    name: [.long, .customLong("aspect-ratio")],
    help: ArgumentHelp(
      "Width over height of the pictures of SPADE with a latent vector (default: 1, else 2).",
      valueName: "n"))
  var aspect: Double?

  @Option(
    help: ArgumentHelp(
      "Colours of the classes: [[128, 64, 128], …], or objects of name and colour.",
      valueName: "json"))
  var palette: String?

  @Option(
    help: ArgumentHelp(
      "State the State the µm/px that it was trained at; others are refused.", valueName: "n"))
  var mpp: Double?

  @Option(
    help: ArgumentHelp(
      "State the side of the pictures that it was trained on, in px.", valueName: "px"))
  var trainedSize: Int?

  @Option(
    help: ArgumentHelp(
      "Fields of pair.json, such as summary and learnedFrom, that replace what was found out.",
      valueName: "json"))
  var describe: String?

  @Option(
    help: ArgumentHelp("Use this model card (default: made of what is known).", valueName: "md"))
  var card: String?

  @Flag(help: "Replace a package that exists.")
  var overwrite = false

  mutating func validate() throws {
    guard architecture == "auto" || Architecture(rawValue: architecture) != nil else {
      let names = Architecture.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--architecture takes auto, \(names).")
    }
    for (name, text) in [("--input-range", inputRange), ("--output-range", outputRange)] {
      guard let text, Self.range(text) == nil else { continue }
      throw ValidationError("\(name) takes two numbers, as in 0..255 or -1..1.")
    }
    if let aspect, !(aspect > 0 && aspect.isFinite) {
      throw ValidationError("--aspect takes width over height, as in 2 or 1.5.")
    }
    if let mpp, !(mpp > 0 && mpp.isFinite) { throw ValidationError("--mpp takes µm/px above 0.") }
    if let trainedSize, !(8...8192).contains(trainedSize) {
      throw ValidationError("--trained-size takes a number from 8 to 8192.")
    }
  }

  func run() throws {
    try CommandRunner.run {
      guard OutputFile.exists(checkpoint) else {
        throw UsageError("\(checkpoint): opening the model: there is no such file")
      }
      var options = ModelImport.Options()
      options.recognition.architecture = Architecture(rawValue: architecture)
      options.recognition.network = network
      options.recognition.upsampling = upsampling
      options.recognition.aspect = aspect
      options.recognition.lastLayer = lastLayer
      options.recognition.hasEdgeChannel = edgeChannel
      options.entry = entry
      options.outputName = outputName
      options.id = id
      options.title = title
      options.domains = (from, to)
      options.license = license
      options.ranges = (
        inputRange.flatMap(Self.range), outputRange.flatMap(Self.range)
      )
      options.color = color
      options.palette = try palette.map { path in
        try LabelColors.read(path).entries.map { $0.color.map { Int($0) } }
      }
      options.micronsPerPixel = mpp
      options.trainedSize = trainedSize
      options.fields = try describe.map { try Self.read($0) }
      options.card = try card.map { String(decoding: try Self.read($0), as: UTF8.self) }
      let model = try ModelImport(checkpoint, options: options, engine: try InferenceEngine())
      try model.write(to: output, overwrite: overwrite)
      for note in model.notes { Console.complain("\(checkpoint): importing: note: \(note)") }
      Console.result("\(output)  \(model.configuration)")
      Console.result(Self.reach(model.package))
    }
  }

  private static func reach(_ package: ModelPackage) -> String {
    guard let footprint = package.footprint else {
      return "windows are cross-faded: \(package.obstacle?.description ?? "")"
    }
    let norms = footprint.statistics.count
    return
      "halo \(footprint.halo) px, alignment \(footprint.alignment) px, scale \(footprint.scale)"
      + (norms > 0 ? ", \(norms) operations that look at the whole picture" : "")
  }

  private static func read(_ path: String) throws(UsageError) -> Data {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw UsageError("\(path): describing the model: it cannot be read; check the path")
    }
    return data
  }

  private static func range(_ text: String) -> ClosedRange<Float>? {
    let parts = text.split(separator: "..", omittingEmptySubsequences: false).map { Float($0) }
    guard parts.count == 2, let low = parts[0], let high = parts[1], low < high, low.isFinite,
      high.isFinite
    else { return nil }
    return low...high
  }
}

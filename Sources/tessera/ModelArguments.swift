import ArgumentParser
import Base
import Terminal
import Inference
import TesseraPlugin
import Translation

extension NormMode: ExpressibleByArgument {}
extension InferenceOptions.Precision: ExpressibleByArgument {}
extension NetworkSettings.Blend: ExpressibleByArgument {}

/// Which network, and how it is run.
struct ModelArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Translate with a model package made by 'tessera import', or an ONNX file, instead of a pair.",
      valueName: "dir|file.onnx"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Take the statistics of norms from the whole image (frozen), a smooth field (local) or each window (tile; the tiles show); auto is what the package says.",
      valueName: "mode"))
  var norm = "auto"

  @Option(help: "Compute a network in f32 or bf16; auto is bf16 where the processor has it.")
  var precision = InferenceOptions.Precision.auto

  @Option(
    help:
      "Join a network's windows exactly (none) or cross-faded (cosine); auto is exact where that is possible."
  )
  var blend = NetworkSettings.Blend.auto

  @Option(help: "Cross-fade windows over so many pixels (default: half a window).")
  var overlap: Int?

  @Option(
    help: ArgumentHelp(
      "Read so many px around each core, or auto for what the network's graph tells.",
      valueName: "auto|n"))
  var halo = "auto"

  @Option(
    help: ArgumentHelp(
      "Use what --save-calibration kept of another image instead of measuring this one.",
      valueName: "file"))
  var calibration: String?

  mutating func validate() throws {
    guard norm == "auto" || NormMode(rawValue: norm) != nil else {
      throw ValidationError("--norm takes auto, frozen, local or tile.")
    }
    guard halo == "auto" || Int(halo).map({ (0...8192).contains($0) }) == true else {
      throw ValidationError("--halo takes auto or a number from 0 to 8192.")
    }
    if let overlap, !(0...8192).contains(overlap) {
      throw ValidationError("--overlap takes a number from 0 to 8192.")
    }
  }

  /// Whether an option was given that only networks have.
  private var hasNetworkOption: Bool {
    norm != "auto" || precision != .auto || blend != .auto || overlap != nil || halo != "auto"
  }

  /// Refuses options of networks where no network runs.
  ///
  /// Pairs of other kinds may keep a calibration as well.
  func checkUnused(keepsCalibration: Bool) throws {
    guard !hasNetworkOption else {
      throw UsageError(
        "--norm, --precision, --blend, --overlap and --halo need a network, with --model or --pair")
    }
    guard calibration == nil || keepsCalibration else {
      throw UsageError("--calibration: the pair keeps no calibration; leave it out")
    }
  }

  /// The network as a pair.
  func open(_ path: String, tile: Int?, pool: WorkerPool) throws -> NetworkPair {
    let engine = try InferenceEngine()
    guard precision != .bf16 || engine.supportsBF16 else {
      throw UsageError("--precision bf16: this processor has no bf16 arithmetic; use auto or f32")
    }
    let package = try Self.package(path, engine: engine)
    var settings = NetworkSettings(threads: pool.count)
    settings.norm = NormMode(rawValue: norm)
    settings.precision = precision
    settings.blend = blend
    settings.overlap = overlap
    settings.halo = Int(halo)
    settings.tile = tile
    if let calibration {
      settings.calibration = try NetworkCalibration(contentsOf: calibration, of: package)
    }
    do {
      return try NetworkPair(package, settings: settings, engine: engine, pool: pool)
    } catch {
      throw UsageError("\(path): \(error.message)")
    }
  }

  private static func package(_ path: String, engine: InferenceEngine) throws -> ModelPackage {
    if OutputFile.isDirectory(path) { return try ModelPackage.open(path, engine: engine) }
    guard OutputFile.exists(path) else {
      throw UsageError("\(path): opening the model: there is no such file or directory")
    }
    guard path.lowercased().hasSuffix(".onnx") else {
      throw UsageError(
        "\(path): opening the model: it is no model package; make one with 'tessera import \(path)"
          + " --output DIR'")
    }
    let model = try ModelImport(path, options: ModelImport.Options(), engine: engine)
    for note in model.notes { Console.complain("\(path): opening the model: \(note)") }
    return model.package
  }
}

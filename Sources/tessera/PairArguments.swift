import ArgumentParser
import Base
import Batch
import Terminal
import Foundation
import Plugins
import TesseraPlugin
import Translation

/// Which pair, with which options and which target.
struct PairArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Translate with this pair; 'tessera pairs' lists them.", valueName: "id"))
  var pair: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Set an option of the pair; 'tessera pairs ID' lists them. May be repeated.",
      valueName: "key=value"))
  var settings: [String] = []

  @Option(
    name: .customLong("input"), parsing: .singleValue,
    help: ArgumentHelp(
      "Give a further input of the pair: a file, a directory with a file for each image, or a number. May be repeated.",
      valueName: "name=file|dir|number"))
  var inputs: [String] = []

  @OptionGroup var plugins: PluginArguments

  /// A pair, ready to run.
  struct Chosen {
    /// The pair.
    var pair: any DomainPair
    /// A checked value for each of its options.
    var options: PairOptions
    /// What it takes besides the image.
    var further = FurtherFiles()
    /// The digest of its files; nil where it is built in.
    var files: String?

    /// Starts a program, where it is one, while the first image is opened: all else is settled.
    func prepare() { (pair as? ProcessPair)?.prepare() }
  }

  /// The pair, or the network in its place; `others` are none of its files.
  ///
  /// Without `network`, pairs that are networks are refused.
  func resolve(
    _ network: ModelArguments? = nil, tile: Int? = nil, pool: WorkerPool, others: [String] = []
  ) throws -> Chosen {
    if let network, let path = network.model {
      guard pair == nil else { throw UsageError("--pair and --model: give one of them") }
      let files = Self.digest(path, without: others)
      var chosen = try opened(path, network, tile: tile, pool: pool)
      chosen.files = files
      return chosen
    }
    let found = try find()
    // Before anything of it runs: a program may be changed while it does.
    let files = found.url.map { url in
      let files = found.trusted ?? Self.digest(url.path, without: others)
      let outer = Self.outerPrograms(found)
      return outer.isEmpty
        ? files : FileDigest.sha256(text: ([files] + outer).joined(separator: " "))
    }
    var chosen = try start(found, network, tile: tile, pool: pool)
    chosen.files = files
    return chosen
  }

  private func start(
    _ found: CatalogedPair, _ network: ModelArguments?, tile: Int?, pool: WorkerPool
  ) throws -> Chosen {
    let pair: any DomainPair
    switch found.source {
    case .ready(let ready): pair = ready
    case .process(let manifest, let folder, let files):
      let program = try ProcessPair(manifest, folder: folder, files: files, copies: pool.count)
      return try chosen(calibrated(program, network))
    case .model(_, let folder):
      guard let network else {
        throw UsageError("--pair \(found.description.id): a network has no target to fit")
      }
      return try opened(folder.path, network, tile: tile, pool: pool)
    }
    return try chosen(calibrated(pair, network))
  }

  /// A pair that is no network, with the calibration that was named.
  private func calibrated(
    _ pair: any DomainPair, _ network: ModelArguments?
  ) throws -> any DomainPair {
    try network?.checkUnused(keepsCalibration: pair.description.calibrationEnding != nil)
    guard let path = network?.calibration else { return pair }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw UsageError("\(path): reading the calibration: it cannot be read; check the path")
    }
    do {
      return try pair.calibrated(with: Array(data))
    } catch {
      throw UsageError("\(path): reading the calibration: \(error.message)")
    }
  }

  /// The digest of a plugin or a package; no two of what cannot be read are the same.
  private static func digest(_ path: String, without others: [String]) -> String {
    (try? FileDigest.sha256(of: FileTree(path, without: others))) ?? UUID().uuidString
  }

  /// Digests of what a program's command names outside of its folder.
  private static func outerPrograms(_ found: CatalogedPair) -> [String] {
    guard case .process(let manifest, let folder, _) = found.source else { return [] }
    let inside = folder.standardizedFileURL.path + "/"
    return manifest.process.command.filter { $0.contains("/") }.compactMap { part in
      let path = URL(filePath: part, relativeTo: folder).standardizedFileURL.path
      return path.hasPrefix(inside) ? nil : try? FileDigest.sha256(at: path, followsLinks: true)
    }
  }

  private func opened(
    _ path: String, _ network: ModelArguments, tile: Int?, pool: WorkerPool
  ) throws -> Chosen {
    let found = try network.open(path, tile: tile, pool: pool)
    for warning in found.warnings { Console.complain("\(path): \(warning)") }
    return try chosen(found)
  }

  /// Looks the pair up in all places.
  private func find() throws -> CatalogedPair {
    guard let pair else {
      throw UsageError(
        "give a pair with --pair ('tessera pairs' lists them), or a network with --model")
    }
    let catalog = plugins.catalog
    let found = catalog.pair(pair)
    // What is wrong elsewhere matters where something is missing, or was named.
    if found == nil || !plugins.plugins.isEmpty {
      for complaint in catalog.complaints { Console.complain(complaint) }
    }
    guard let found else {
      let known = catalog.all().map(\.description.id).joined(separator: ", ")
      throw UsageError("--pair \(pair): there is no such pair; there is \(known)")
    }
    return found
  }

  /// The pair with what was given for it.
  private func chosen(_ pair: any DomainPair) throws -> Chosen {
    let description = pair.description
    var given = try Self.given(settings)
    let options: PairOptions
    do {
      _ = try PairOptions(given, declared: description.options)
    } catch {
      throw UsageError(
        "--set: \(description.id): \(error.message)\(owner(of: given, but: description.id))")
    }
    let further: FurtherFiles
    do {
      further = try FurtherFiles(
        Self.named(inputs, "--input", as: "name=file"), for: description, numbers: &given)
      options = try PairOptions(given, declared: description.declaredOptions)
    } catch let error as PairError {
      throw UsageError("--input: \(description.id): \(error.message)")
    }
    return Chosen(pair: pair, options: options, further: further)
  }

  /// What --set says.
  static func given(_ settings: [String]) throws(UsageError) -> [String: String] {
    try named(settings, "--set", as: "key=value")
  }

  private static func named(
    _ settings: [String], _ option: String, as form: String
  ) throws(UsageError) -> [String: String] {
    var given: [String: String] = [:]
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, option != "--input" || !parts[1].isEmpty else {
        throw UsageError("\(option) \(setting): write it as \(form)")
      }
      guard option != "--input" || given[String(parts[0])] == nil else {
        throw UsageError("--input \(parts[0]) is given twice; name one file")
      }
      given[String(parts[0])] = String(parts[1])
    }
    return given
  }

  /// Says whose option it is, if another pair has it.
  private func owner(of given: [String: String], but own: String) -> String {
    for other in plugins.catalog.all() where other.description.id != own {
      for option in other.description.options where given[option.name] != nil {
        return "; '\(option.name)' is an option of \(other.description.id)"
      }
    }
    return ""
  }
}

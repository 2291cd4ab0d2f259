import ArgumentParser
import Base
import CommandLineConduct
import Foundation
import Plugins
import TesseraPlugin
import TileIO
import Translation

/// Which pair, with which options and which target.
struct PairArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("The pair that translates; 'tessera pairs' lists them.", valueName: "id"))
  var pair: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "An option of the pair; 'tessera pairs ID' lists them. May be repeated.",
      valueName: "key=value"))
  var settings: [String] = []

  @OptionGroup var plugins: PluginArguments

  /// The pair, or the network in its place, with a checked value for each of its options and the digest
  /// of its files, of which `others` are none.
  ///
  /// Without `network`, pairs that are networks are refused.
  func resolve(
    _ network: ModelArguments? = nil, tile: Int? = nil, pool: WorkerPool, others: [String] = []
  ) throws -> (pair: any DomainPair, options: PairOptions, files: String?) {
    if let network, let path = network.model {
      guard pair == nil else { throw UsageError("--pair and --model: give one of them") }
      let files = Self.digest(path, without: others)
      let (pair, options) = try opened(path, network, tile: tile, pool: pool)
      return (pair, options, files)
    }
    let found = try find()
    // Before anything of it runs: a program may be changed while it does.
    let files = found.url.map { url in
      let files = found.trusted ?? Self.digest(url.path, without: others)
      let outer = Self.outerPrograms(found)
      return outer.isEmpty
        ? files : FileDigest.sha256(text: ([files] + outer).joined(separator: " "))
    }
    let (pair, options) = try start(found, network, tile: tile, pool: pool)
    return (pair, options, files)
  }

  private func start(
    _ found: CataloguedPair, _ network: ModelArguments?, tile: Int?, pool: WorkerPool
  ) throws -> (pair: any DomainPair, options: PairOptions) {
    let pair: any DomainPair
    switch found.source {
    case .ready(let ready): pair = ready
    case .process(let manifest, let folder, let files):
      let program = try ProcessPair(manifest, folder: folder, files: files, copies: pool.count)
      let options = try options(of: program)
      try network?.checkUnused()
      program.prepare()
      return (program, options)
    case .model(_, let folder):
      guard let network else {
        throw UsageError("--pair \(found.description.id): a network has no target to fit")
      }
      return try opened(folder.path, network, tile: tile, pool: pool)
    }
    try network?.checkUnused()
    return (pair, try options(of: pair))
  }

  /// The digest of a plugin or a package; no two of what cannot be read are the same.
  private static func digest(_ path: String, without others: [String]) -> String {
    (try? FileDigest.sha256(of: FileTree(path, without: others))) ?? UUID().uuidString
  }

  /// Digests of what a program's command names outside of its folder.
  private static func outerPrograms(_ found: CataloguedPair) -> [String] {
    guard case .process(let manifest, let folder, _) = found.source else { return [] }
    let inside = folder.standardizedFileURL.path + "/"
    return manifest.process.command.filter { $0.contains("/") }.compactMap { part in
      let path = URL(filePath: part, relativeTo: folder).standardizedFileURL.path
      return path.hasPrefix(inside) ? nil : try? FileDigest.sha256(at: path, followsLinks: true)
    }
  }

  private func opened(
    _ path: String, _ network: ModelArguments, tile: Int?, pool: WorkerPool
  ) throws -> (pair: any DomainPair, options: PairOptions) {
    let found = try network.open(path, tile: tile, pool: pool)
    for warning in found.warnings { Console.complain("\(path): \(warning)") }
    return (found, try options(of: found))
  }

  /// Looks the pair up in all places.
  private func find() throws -> CataloguedPair {
    guard let pair else {
      throw UsageError(
        "give a pair with --pair ('tessera pairs' lists them), or a network with --model")
    }
    let catalogue = plugins.catalogue
    let found = catalogue.pair(pair)
    // What is wrong elsewhere matters where something is missing, or was named.
    if found == nil || !plugins.plugins.isEmpty {
      for complaint in catalogue.complaints { Console.complain(complaint) }
    }
    guard let found else {
      let known = catalogue.all().map(\.description.id).joined(separator: ", ")
      throw UsageError("--pair \(pair): there is no such pair; there is \(known)")
    }
    return found
  }

  private func options(of pair: any DomainPair) throws -> PairOptions {
    let given = try Self.given(settings)
    do {
      return try PairOptions(given, declared: pair.description.options)
    } catch {
      let id = pair.description.id
      throw UsageError("--set: \(id): \(error.message)\(owner(of: given, but: id))")
    }
  }

  /// What --set says.
  static func given(_ settings: [String]) throws(UsageError) -> [String: String] {
    var given: [String: String] = [:]
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw UsageError("--set \(setting): write it as key=value")
      }
      given[String(parts[0])] = String(parts[1])
    }
    return given
  }

  /// Says whose option it is, if another pair has it.
  private func owner(of given: [String: String], but own: String) -> String {
    for other in plugins.catalogue.all() where other.description.id != own {
      for option in other.description.options where given[option.name] != nil {
        return "; '\(option.name)' is an option of \(other.description.id)"
      }
    }
    return ""
  }
}

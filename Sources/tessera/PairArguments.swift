import ArgumentParser
import CommandLineConduct
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

  /// The pair, or the network in its place, and a checked value for each of its options.
  func resolve(
    _ network: ModelArguments, tile: Int?, pool: WorkerPool
  ) throws -> (pair: any DomainPair, options: PairOptions) {
    guard let path = network.model else {
      try network.checkUnused()
      return try resolve()
    }
    guard pair == nil else { throw UsageError("--pair and --model: give one of them") }
    let found = try network.open(path, tile: tile, pool: pool)
    for warning in found.warnings { Console.complain("\(path): \(warning)") }
    do {
      return (found, try PairOptions(given(), declared: found.description.options))
    } catch let error as PairError {
      throw UsageError("--set: \(error.message)")
    }
  }

  /// The pair and a checked value for each of its options.
  func resolve() throws -> (pair: any DomainPair, options: PairOptions) {
    let registry = BuiltInPairs.registry()
    guard let pair else {
      throw UsageError(
        "give a pair with --pair ('tessera pairs' lists them), or a network with --model")
    }
    guard let found = registry.pair(pair) else {
      let known = registry.pairs.map(\.description.id).joined(separator: ", ")
      throw UsageError("--pair \(pair): there is no such pair; there is \(known)")
    }
    let given = try given()
    do {
      return (found, try PairOptions(given, declared: found.description.options))
    } catch {
      throw UsageError(
        "--set: \(pair): \(error.message)\(owner(of: given, in: registry, but: pair))")
    }
  }

  private func given() throws(UsageError) -> [String: String] {
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
  private func owner(
    of given: [String: String], in registry: PluginRegistry, but own: String
  ) -> String {
    for other in registry.pairs where other.description.id != own {
      for option in other.description.options where given[option.name] != nil {
        return "; '\(option.name)' is an option of \(other.description.id)"
      }
    }
    return ""
  }
}

import ArgumentParser
import TesseraPlugin
import TileIO
import Translation

/// Which pair, with which options and which target.
struct PairArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("The pair that translates; 'tessera pairs' lists them.", valueName: "id"))
  var pair: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "An option of the pair; 'tessera pairs ID' lists them. May be repeated.",
      valueName: "key=value"))
  var settings: [String] = []

  /// The pair and a checked value for each of its options.
  func resolve() throws -> (pair: any DomainPair, options: PairOptions) {
    let registry = BuiltInPairs.registry()
    guard let found = registry.pair(pair) else {
      let known = registry.pairs.map(\.description.id).joined(separator: ", ")
      throw UsageError("--pair \(pair): there is no such pair; there is \(known)")
    }
    var given: [String: String] = [:]
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw UsageError("--set \(setting): write it as key=value")
      }
      given[String(parts[0])] = String(parts[1])
    }
    do {
      return (found, try PairOptions(given, declared: found.description.options))
    } catch {
      throw UsageError(
        "--set: \(pair): \(error.message)\(owner(of: given, in: registry, but: pair))")
    }
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

import ArgumentParser
import CommandLineConduct
import TesseraPlugin

/// `tessera pairs`.
struct Pairs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the domain pairs, or describes one.",
    discussion: "Example: tessera pairs stain-normalization")

  @Argument(help: ArgumentHelp("The pair to describe.", valueName: "id"))
  var id: String?

  @Flag(help: "Print JSON.")
  var json = false

  private struct Record: Encodable {
    struct Option: Encodable {
      var name: String
      var values: String
      var defaultValue: String
      var help: String
    }
    var id, title, source, target, version, licence, summary: String
    var channels: Int
    var options: [Option]
  }

  func run() throws {
    try Conduct.run {
      let registry = BuiltInPairs.registry()
      guard let id else {
        let pairs = registry.pairs.map(\.description)
        if json { return Console.json(pairs.map(record)) }
        for pair in pairs {
          Console.result("\(pair.id)  \(pair.title): \(pair.sourceDomain) → \(pair.targetDomain)")
        }
        return
      }
      guard let pair = registry.pair(id)?.description else {
        let known = registry.pairs.map(\.description.id).joined(separator: ", ")
        throw UsageError("\(id): looking up the pair: there is no such pair; there is \(known)")
      }
      json ? Console.json(record(pair)) : describe(pair)
    }
  }

  private func describe(_ pair: PairDescription) {
    Console.result(
      """
      \(pair.id) \(pair.version): \(pair.title)
      from \(pair.sourceDomain) to \(pair.targetDomain), \(pair.channels) channels, \(pair.licence)

      \(pair.summary)
      """)
    guard !pair.options.isEmpty else { return }
    Console.result("\nOptions, as --set name=value:")
    for option in pair.options {
      let value = option.defaultValue.isEmpty ? "empty" : option.defaultValue
      Console.result("  \(option.name)  \(values(option.kind)) (default \(value))")
      Console.result("      \(option.help)")
    }
  }

  private func record(_ pair: PairDescription) -> Record {
    Record(
      id: pair.id, title: pair.title, source: pair.sourceDomain, target: pair.targetDomain,
      version: pair.version, licence: pair.licence, summary: pair.summary, channels: pair.channels,
      options: pair.options.map {
        Record.Option(
          name: $0.name, values: values($0.kind), defaultValue: $0.defaultValue, help: $0.help)
      })
  }

  private func values(_ kind: PairOption.Kind) -> String {
    switch kind {
    case .choice(let words): words.joined(separator: "|")
    case .number(let range): "\(range.lowerBound)...\(range.upperBound)"
    case .integer(let range): "\(range.lowerBound)...\(range.upperBound)"
    case .flag: "true|false"
    case .text: "text"
    }
  }
}

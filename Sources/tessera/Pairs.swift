import ArgumentParser
import Base
import Terminal
import Plugins
import TesseraPlugin

/// `tessera pairs`.
struct Pairs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the domain pairs and where they come from, or tells all about one.",
    discussion: """
      Places are asked in this order, and the first to have a pair wins: --plugin, the folders in \
      TESSERA_PLUGIN_PATH, the program itself, the user's folder of installed plugins, the \
      installation's folder.
        tessera pairs
        tessera pairs stain-normalization
      """)

  @Argument(help: ArgumentHelp("The pair to describe.", valueName: "id"))
  var id: String?

  @OptionGroup var plugins: PluginArguments

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try CommandRunner.run {
      let catalog = plugins.catalog
      guard let id else { return list(catalog) }
      guard let pair = catalog.pair(id) else {
        let known = catalog.all().map(\.description.id).joined(separator: ", ")
        for complaint in catalog.complaints { Console.complain(complaint) }
        throw UsageError("\(id): looking up the pair: there is no such pair; there is \(known)")
      }
      let record = PairRecord(pair, footprint: Self.footprint(of: pair))
      json ? Console.json(record) : Console.result(record.text)
    }
  }

  private func list(_ catalog: PairCatalog) {
    let records = catalog.all().map { PairRecord($0) }
    if json {
      Console.json(records)
    } else {
      let width = records.map(\.id.count).max() ?? 0
      let margin = String(repeating: " ", count: width + 2)
      for record in records {
        let name = record.id.padding(toLength: width + 2, withPad: " ", startingAt: 0)
        Console.result(
          "\(name)\(record.title.inOneLine(120)): \(record.source.inOneLine(60)) →"
            + " \(record.target.inOneLine(60))")
        if record.kind != PluginKind.builtIn.rawValue { Console.result(margin + record.origin) }
      }
    }
    for complaint in catalog.complaints { Console.complain(complaint) }
  }

  /// What the pair reads around a pixel, in words.
  private static func footprint(of pair: CatalogedPair) -> String {
    do {
      return try PairProbe(pair).footprint
    } catch {
      return "not known: \(error)"
    }
  }
}

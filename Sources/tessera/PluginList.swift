import ArgumentParser
import Base
import Terminal
import Plugins

/// `tessera plugin list`.
struct PluginList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the plugins that are installed and those in TESSERA_PLUGIN_PATH.",
    discussion: """
      A line a plugin: name, kind, version, title, where it was found, and whether it is used. No \
      plugin is run, so what is known of a library is what was seen when it was installed.
        tessera plugin list
        tessera plugin list --json
      """)

  @Flag(help: "Print JSON.")
  var json = false

  private struct Record: Encodable {
    let id: String
    let kind, version, title: String?
    let pairs: [String]
    let place, path: String
    let runsCode, isUsable: Bool
    let trusted: Bool?
    let reason: String?

    init(_ plugin: ListedPlugin) {
      id = plugin.id
      kind = plugin.kind?.rawValue
      version = plugin.version
      title = plugin.title
      pairs = plugin.pairs
      place = plugin.place.title
      path = plugin.url.path
      runsCode = plugin.kind?.runsCode ?? false
      if case .broken(let reason) = plugin.state {
        self.reason = reason
      } else {
        reason = nil
      }
      isUsable = reason == nil
      trusted =
        runsCode && plugin.place == .user ? plugin.state == .trusted : nil
    }
  }

  func run() throws {
    try CommandRunner.run {
      let listing = PluginListing(PluginPath())
      if json {
        Console.json(listing.plugins.map { Record($0) })
      } else {
        Self.write(listing.plugins)
      }
      for complaint in listing.complaints { Console.complain(complaint) }
      if listing.plugins.isEmpty, !json {
        Console.complain("no plugins; 'tessera plugin install DIR' installs one")
      }
    }
  }

  private static func write(_ plugins: [ListedPlugin]) {
    let rows = plugins.map { plugin in
      [
        plugin.id, plugin.kind?.rawValue ?? "broken", plugin.version ?? "-", plugin.title ?? "-",
        plugin.place.title, plugin.state.title, plugin.url.path,
      ].map(\.inOneLine)
    }
    let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      Console.result((cells + ["\(row[6]): \(row[5])"]).joined(separator: "  "))
    }
  }
}

import ArgumentParser
import Base
import Terminal
import Plugins
import TesseraKit

/// `tessera plugin remove`.
struct PluginRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Removes a plugin that you installed, and what was trusted with it.",
    discussion: "Example: tessera plugin remove sepia")

  @Argument(
    help: ArgumentHelp("The plugin; 'tessera plugin list' lists them.", valueName: "id"))
  var id: String

  func run() throws {
    Interruption.listen()
    try CommandRunner.run(id) {
      let path = PluginPath()
      let plugins = PluginListing(path).plugins
      let plugin = try find(in: plugins)
      let installer = PluginInstaller(
        path, builtIn: InstalledPairs.builtIn(), inspector: PluginInspect.program,
        isCancelled: { Interruption.isRequested },
        onWait: {
          Console.complain("\(id): removing the plugin: waiting for another tessera")
        })
      do {
        try installer.remove(plugin.url)
      } catch {
        throw Interruption.isRequested ? Interruption.exitCode : error
      }
      Console.result("removed \(plugin.id)  \(plugin.url.path)")
    }
  }

  /// The plugin in the user's folder, by its name or that of its folder.
  private func find(in plugins: [ListedPlugin]) throws(UsageError) -> ListedPlugin {
    let installed = plugins.filter { $0.place == .user }
    let meant =
      installed.first { $0.url.lastPathComponent == id } ?? installed.first { $0.id == id }
    if let meant { return meant }
    let action = "\(id.inOneLine): removing the plugin"
    if let plugin = plugins.first(where: { $0.id == id }) {
      throw UsageError(
        "\(action): it is not one that you installed but in \(plugin.url.path); remove it there")
    }
    if let plugin = installed.first(where: { $0.pairs.contains(id) }) {
      throw UsageError("\(action): it is a pair of the plugin \(plugin.id); remove that")
    }
    let known = installed.map(\.id).joined(separator: ", ")
    throw UsageError(
      "\(action): there is no such plugin; installed is \(known.isEmpty ? "none" : known)")
  }
}

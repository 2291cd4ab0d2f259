import ArgumentParser
import Terminal
import Foundation
import Plugins
import TesseraKit

/// Which plugins are looked at besides those in the usual places.
struct PluginArguments: ParsableArguments {
  @Option(
    name: .customLong("plugin"), parsing: .singleValue,
    help: ArgumentHelp(
      "Use this plugin, or folder of plugins, before all others. May be repeated.",
      valueName: "path"))
  var plugins: [String] = []

  /// Every pair that can be used.
  var catalog: PairCatalog {
    PairCatalog(PluginPath(named: plugins), builtIn: InstalledPairs.builtIn())
  }
}

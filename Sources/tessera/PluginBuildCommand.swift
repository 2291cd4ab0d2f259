import ArgumentParser
import Terminal
import Foundation
import Plugins

/// `tessera plugin build`.
struct PluginBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Builds a plugin, so that it can be checked and installed.",
    discussion: """
      A Swift plugin is compiled into its folder 'built'; the manifest of a model package is made to \
      fit the network that lies in it; the manifest of a program is checked.
        tessera plugin build Sepia
      """)

  @Argument(help: ArgumentHelp("The plugin's folder.", valueName: "dir"))
  var folder: String

  func run() throws {
    try CommandRunner.run {
      let url = URL(filePath: folder, directoryHint: .isDirectory).standardizedFileURL
      let result = try PluginBuild(url).run()
      Console.result(
        "\(folder)  \(result.kind.rawValue) plugin of \(result.pairs.joined(separator: ", ")) in"
          + " \(result.url.path)")
    }
  }
}

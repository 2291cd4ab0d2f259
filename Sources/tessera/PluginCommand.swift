import ArgumentParser

/// `tessera plugin`: makes, checks and installs plugins, a file a subcommand.
struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin",
    abstract: "Makes, checks, installs and removes plugins: domain pairs of your own.",
    discussion: """
      From nothing to a pair that translates:
        tessera plugin new Sepia --kind swift
        tessera plugin build Sepia
        tessera plugin check Sepia
        tessera plugin install Sepia
        tessera translate photo.jpg --pair sepia --output out.jpg
      """,
    subcommands: [
      PluginNew.self, PluginBuildCommand.self, PluginCheck.self, PluginInstall.self,
      PluginList.self,
      PluginRemove.self, PluginInspect.self,
    ])
}

import ArgumentParser
import TileIO

/// The program: one subcommand a file.
@main
struct Tessera: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tessera",
    abstract: "Translates images from one visual domain to another, at any size.",
    discussion: """
      A folder of slides, normalised:
        tessera translate slides --output normalised --pair stain-normalization
      """,
    version: TesseraVersion.current,
    subcommands: [
      Translate.self, Pairs.self, Inspect.self, Fit.self, Verify.self, ImportCommand.self,
      TrainLauncher.self, EvaluateCommand.self, PluginCommand.self, Seams.self, SamplesCommand.self,
    ])
}

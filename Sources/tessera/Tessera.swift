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

  static func main() {
    var arguments = Array(CommandLine.arguments.dropFirst())
    // The help of training is that of the program that trains.
    if arguments.starts(with: ["help", "train"]) {
      arguments = Array(arguments.dropFirst()) + ["--help"]
    }
    main(arguments)
  }
}

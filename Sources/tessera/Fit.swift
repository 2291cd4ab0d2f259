import ArgumentParser
import Base
import Batch
import Terminal
import TesseraPlugin
import TileIO
import Translation

/// `tessera fit`.
struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fits a pair's target to one image, or to a cohort, as a reference file.",
    discussion: """
      The average stain of the slides of one scanner, then everything normalised to it:
        tessera fit scanner-a/*.svs --pair stain-normalization --output scanner-a.json
        tessera translate slides --output out --pair stain-normalization --reference scanner-a.json
      """)

  @Argument(help: ArgumentHelp("Images, or directories of images.", valueName: "input"))
  var inputs: [String]

  @OptionGroup var pairArguments: PairArguments

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write this reference file.", valueName: "reference.json"))
  var output: String

  @Flag(help: "Look into subdirectories too.")
  var recursive = false

  @Flag(help: "Replace a file that exists.")
  var overwrite = false

  @OptionGroup var machine: MachineArguments

  func run() throws {
    Interruption.listen()
    try CommandRunner.run {
      guard overwrite || !OutputFile.isTaken(output) else {
        throw UsageError(
          "\(output): writing the reference: it exists; use --overwrite to replace it, or choose"
            + " another --output")
      }
      let pool = machine.pool
      let chosen = try pairArguments.resolve(pool: pool)
      let (pair, options) = (chosen.pair, chosen.options)
      let engine = TranslationEngine(pool: pool)
      var references: [PairValue] = []
      var failures = 0
      let items = try BatchPlan.images(of: inputs, isRecursive: recursive)
      guard !(items.map(\.input) + chosen.further.paths).contains(output) else {
        throw UsageError("\(output): fitting: it would overwrite an input; choose another --output")
      }
      chosen.prepare()
      for item in items {
        if Interruption.isRequested { throw Interruption.exitCode }
        do {
          let source = try ImageFile.open(item.input, limits: machine.limits)
          let further = try chosen.further.open(for: item, limits: machine.limits)
          references.append(
            try engine.fit(source, pair: pair, options: options, further: further))
        } catch {
          Console.complain("\(error.naming(item.input, "fitting"))")
          failures += 1
        }
      }
      guard !references.isEmpty else { throw ExitCode.badData }
      try ReferenceFile.save(pair.combine(references), to: output)
      Console.result("\(output)  fitted to \(references.count) of \(items.count) images")
      if failures > 0 { throw ExitCode.someFailed }
    }
  }
}

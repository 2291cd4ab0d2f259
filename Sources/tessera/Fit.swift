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
      What is measured on each slide, to find those that are unlike the others:
        tessera fit slides --pair stain-normalization --json
      """)

  @Argument(help: ArgumentHelp("Images, or directories of images.", valueName: "input"))
  var inputs: [String]

  @OptionGroup var pairArguments: PairArguments

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write this reference file; may be left out with --json.", valueName: "reference.json"))
  var output: String?

  @Flag(help: "Print one JSON object per input, with all that was measured on it.")
  var json = false

  @Flag(help: "Look into subdirectories too.")
  var recursive = false

  @Flag(help: "Replace a file that exists.")
  var overwrite = false

  @OptionGroup var plane: PlaneArguments

  @OptionGroup var area: FitAreaArguments

  @OptionGroup var machine: MachineArguments

  /// What is printed of an input.
  private struct Record: Encodable {
    let input: String
    var summary: [String: PairValue]?
    var reference: PairValue?
    /// Why it has no target.
    var reason: String?
  }

  func validate() throws {
    guard output != nil || json else {
      throw ValidationError(
        "Give the reference file with --output, or --json to see what is measured.")
    }
  }

  func run() throws {
    Interruption.listen()
    try CommandRunner.run {
      if let output, !overwrite, OutputFile.isTaken(output) {
        throw UsageError(
          "\(output): writing the reference: it exists; use --overwrite to replace it, or choose"
            + " another --output")
      }
      let pool = machine.pool
      let chosen = try pairArguments.resolve(pool: pool)
      let (pair, options) = (chosen.pair, chosen.options)
      let engine = TranslationEngine(pool: pool)
      var settings = TranslationSettings(pair, options: options)
      settings.fitArea = try area.read()
      if let misuse = settings.misuse { throw UsageError(misuse) }
      var references: [PairValue] = []
      var failures = 0
      let items = try BatchPlan.images(of: inputs, isRecursive: recursive)
      if let output, (items.map(\.input) + chosen.further.paths).contains(output) {
        throw UsageError("\(output): fitting: it would overwrite an input; choose another --output")
      }
      chosen.prepare()
      for item in items {
        if Interruption.isRequested { throw Interruption.exitCode }
        do {
          let source = try ImageFile.open(
            item.input, page: plane.index ?? 0, channel: plane.channel, limits: machine.limits)
          settings.furtherImages = try chosen.further.open(for: item, limits: machine.limits)
          var record = Record(input: item.input)
          if json { (record.summary, record.reason) = try engine.measure(source, settings) }
          do {
            let reference = try engine.fit(source.reopened(), settings)
            references.append(reference)
            record.reference = reference
          } catch {
            record.reason = record.reason ?? "\(error)"
            if json { Console.json(record) }
            throw error
          }
          if json { Console.json(record) }
        } catch {
          Console.complain("\(error.naming(item.input, "fitting"))")
          failures += 1
        }
      }
      guard !references.isEmpty else { throw ExitCode.badData }
      if let output {
        try ReferenceFile.save(pair.combine(references), to: output)
        if !json {
          Console.result("\(output)  fitted to \(references.count) of \(items.count) images")
        }
      }
      if failures > 0 { throw ExitCode.someFailed }
    }
  }
}

import ArgumentParser
import TileIO
import Translation

/// `tessera verify`.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Proves on an image that tiling does not show.",
    discussion: """
      Translates with the usual windows and with each of the given ones, and prints the largest \
      difference of any sample; 0 means the same bytes. Nothing is written but a temporary file.
        tessera verify slide.svs --pair stain-normalization --tiles 256,512,1000
      """)

  @Argument(help: ArgumentHelp("The image.", valueName: "input"))
  var input: String

  @OptionGroup var pairArguments: PairArguments

  @OptionGroup var network: ModelArguments

  @Option(help: ArgumentHelp("Sides of the windows in px.", valueName: "n,n,..."))
  var tiles = "256,512,1000"

  @Option(
    help: ArgumentHelp(
      "The target: a file made by 'tessera fit', or an image to fit.", valueName: "file"))
  var reference: String?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var machine: MachineArguments

  private struct Record: Encodable {
    var input, pair: String
    var findings: [Verification.Finding]
  }

  func run() throws {
    Interruption.listen()
    try Conduct.run(input) {
      let sizes = tiles.split(separator: ",").map { Int($0) }
      guard !sizes.isEmpty, sizes.allSatisfy({ $0.map { (16...65536).contains($0) } ?? false })
      else { throw UsageError("--tiles \(tiles): write sizes from 16 to 65536, as in 512,768") }
      let pool = machine.pool
      let (pair, options) = try pairArguments.resolve(network, tile: nil, pool: pool)
      let engine = TranslationEngine(pool: pool)
      var settings = TranslationSettings(pair, options: options)
      if let reference {
        settings.reference = try ReferenceFile.load(
          reference, pair: pair, options: options, engine: engine, limits: machine.limits)
      }
      let findings = try Verification(engine).run(
        settings, tiles: sizes.compactMap(\.self),
        observer: .init(isCancelled: { Interruption.isRequested })
      ) { try ImageFile.open(input, limits: machine.limits) }
      if json {
        Console.json(Record(input: input, pair: pair.description.id, findings: findings))
      } else {
        for finding in findings {
          let difference = finding.maximumDifference
          let value = difference == difference.rounded() ? "\(Int(difference))" : "\(difference)"
          Console.result(
            "tile \(finding.tile): largest difference \(value)"
              + (finding.differingSamples > 0 ? " in \(finding.differingSamples) samples" : ""))
        }
      }
      guard findings.allSatisfy({ $0.differingSamples == 0 }) else { throw ExitCode.someFailed }
    }
  }
}

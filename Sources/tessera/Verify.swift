import ArgumentParser
import Base
import Batch
import Terminal
import TileIO
import Translation

/// `tessera verify`.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Proves on an image that tiling does not show.",
    discussion: """
      Translates the image, a network's in one window where that fits, then in windows of each of \
      the given sizes, with other origins and once on one thread. Prints the largest difference of \
      any sample in levels, and before rounding for networks; 0 means the same bytes. Nothing is \
      written but a temporary file.
        tessera verify slide.svs --pair stain-normalization --tiles 256,512,1000
      """)

  @Argument(help: ArgumentHelp("The image.", valueName: "input"))
  var input: String

  @OptionGroup var pairArguments: PairArguments

  @OptionGroup var network: ModelArguments

  @Option(help: ArgumentHelp("Try windows with these sides in px.", valueName: "n,n,..."))
  var tiles = "256,512,1000"

  @Option(
    help: ArgumentHelp(
      "Use this target: a file made by 'tessera fit', or an image to fit.", valueName: "file"))
  var reference: String?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var plane: PlaneArguments

  @OptionGroup var machine: MachineArguments

  private struct Record: Encodable {
    var input, pair: String
    var findings: [Verification.Finding]
  }

  func run() throws {
    Interruption.listen()
    try CommandRunner.run(input) {
      let sizes = tiles.split(separator: ",").map { Int($0) }
      guard !sizes.isEmpty, sizes.allSatisfy({ $0.map { (16...65536).contains($0) } ?? false })
      else { throw UsageError("--tiles \(tiles): write sizes from 16 to 65536, as in 512,768") }
      let pool = machine.pool
      let chosen = try pairArguments.resolve(network, tile: nil, pool: pool)
      let (pair, options) = (chosen.pair, chosen.options)
      var settings = TranslationSettings(pair, options: options)
      settings.furtherImages = try chosen.further.open(
        for: BatchItem(input: input, output: input), limits: machine.limits)
      if let reference {
        settings.reference = try ReferenceFile.load(
          reference, pair: pair, options: options, engine: TranslationEngine(pool: pool),
          limits: machine.limits)
      }
      chosen.prepare()
      let findings = try Verification(pool).run(
        Verification.runs(tiles: sizes.compactMap(\.self)),
        observer: .init(isCancelled: { Interruption.isRequested })
      ) { [settings] other in
        guard other !== pool else { return settings }
        var settings = settings
        settings.pair = try pair.running(onThreads: other.count)
        return settings
      } open: {
        try ImageFile.open(
          input, page: plane.index ?? 0, channel: plane.channel, limits: machine.limits,
          as: ImageContent(pair.description.input))
      }
      if json {
        Console.json(Record(input: input, pair: pair.description.id, findings: findings))
      } else {
        let isLabels = pair.description.output.isLabels
        for finding in findings { Console.result(Self.line(finding, ofLabels: isLabels)) }
      }
      guard findings.allSatisfy({ $0.differingSamples == 0 }) else { throw ExitCode.someFailed }
    }
  }

  private static func line(_ finding: Verification.Finding, ofLabels: Bool) -> String {
    func number(_ value: Double) -> String {
      value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)"
    }
    let tile = finding.tile == 0 ? "own windows" : "tile \(finding.tile)"
    let origin = finding.origin == 0 ? "" : ", origin \(finding.origin)"
    let float = finding.maximumFloatDifference.map { ", \(number($0)) before rounding" } ?? ""
    let samples =
      finding.differingSamples > 0 ? " in \(finding.differingSamples) samples" : ""
    let run = "\(tile)\(origin), \(finding.threads) thread\(finding.threads == 1 ? "" : "s"): "
    // How far apart the numbers of two classes are means nothing.
    guard !ofLabels else { return run + "\(finding.differingSamples) pixels of another class" }
    return run
      + "largest difference \(number(finding.maximumDifference))\(float)\(samples)"
  }
}

import ArgumentParser
import Base
import Evaluation
import Foundation
import Metrics
import Terminal
import TileIO

/// `tessera evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measures how close results are to what they should look like.",
    discussion: """
      Give two images, or two directories: files with the same path and name, the ending left out, \
      are compared pixel by pixel; histograms, colours, stains and features of a network are \
      compared from set to set, whether or not names match. With --input, structure and edges are \
      compared with the untranslated images instead of the target, and every distance between sets \
      is shown for them too. Volumes on one grid are compared in Hounsfield units. Prints mean, median, standard deviation and the worst of each metric. \
      Exit status 1 where some images could not be compared.
        tessera evaluate results --against targets --report report
        tessera evaluate winter --against real --input summer --backbone inception.onnx \
      --backbone-preset inception --metrics kid,edge-ssim
      """)

  @Argument(help: ArgumentHelp("The image, volume or directory to judge.", valueName: "result"))
  var result: String

  @Option(
    help: ArgumentHelp(
      "Compare with this image, volume or directory.", valueName: "target"))
  var against: String

  @Option(
    help: ArgumentHelp("Compare structure with these untranslated images.", valueName: "path"))
  var input: String?

  @Option(
    help: ArgumentHelp(
      "Measure these (default: what suits the images). Pairs: \(MetricChoice.pairedNames). Sets: "
        + "\(MetricChoice.setNames).", valueName: "name,name,..."))
  var metrics: String?

  @Option(
    help: ArgumentHelp(
      "Compare only where this image or volume, or the one of the same name here, is not 0.",
      valueName: "file|directory"))
  var mask: String?

  @Option(
    help: ArgumentHelp(
      "Set the levels of black and white for PSNR, SSIM and histograms (default: 0 to white of the "
        + "target's depth).", valueName: "low:high"))
  var dataRange: String?

  @Option(
    help: ArgumentHelp(
      "Set the range of the metrics in Hounsfield units.", valueName: "low:high"))
  var huRange = "-1024:3000"

  @OptionGroup(title: "Networks") var backbone: BackboneArguments

  @Flag(help: "Print JSON: a line an image, then one for all.")
  var json = false

  @Option(help: ArgumentHelp("Write a table with a row an image.", valueName: "file"))
  var csv: String?

  @Option(
    help: ArgumentHelp("Write a page with figures and the worst images.", valueName: "file"))
  var html: String?

  @Option(
    help: ArgumentHelp(
      "Write index.html, images.csv and evaluation.json into this directory.",
      valueName: "directory"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "Show so many of the worst images of each metric on the page.", valueName: "n"))
  var worst = 4

  @Flag(help: "Print figures only, no notes.")
  var quiet = false

  @OptionGroup(title: "Machine") var machine: MachineArguments

  mutating func validate() throws {
    guard (1...100).contains(worst) else {
      throw ValidationError("--worst takes a number from 1 to 100.")
    }
  }

  func run() throws {
    Interruption.listen()
    try CommandRunner.run { try evaluate() }
  }

  private func evaluate() throws {
    let sets = try EvaluatedSets(
      result: result, target: against, input: input, mask: mask)
    let choice = try MetricChoice(
      metrics.map(MetricNames.read), sets, backbone: backbone.network,
      limits: machine.limits)
    if metrics == nil, choice.areLabels, !quiet {
      Console.complain(
        "\(result): it has the palette of its target, so both are taken for label maps and their classes"
          + " compared; --metrics psnr,ssim compares colors")
    }
    let networks = try backbone.open(choice)
    let files = EvaluationFiles(csv: csv, html: html, directory: report)
    try files.check()
    let run = EvaluationRun(
      sets, choice, networks: networks,
      range: try dataRange.map { try Self.range($0, "--data-range") },
      hounsfield: try Self.range(huRange, "--hu-range"), kernel: backbone.kernel,
      pool: machine.pool, limits: machine.limits,
      observer: EvaluationRun.Observer(
        progress: show, failed: Console.complain, isCancelled: { Interruption.isRequested }))
    let evaluation = try run.evaluate()
    if json {
      EvaluationJSON(evaluation).lines.forEach(Console.result)
    } else {
      EvaluationText(evaluation, isQuiet: quiet).lines.forEach(Console.result)
    }
    try files.write(evaluation, worst: worst, limits: machine.limits, pool: machine.pool)
    guard evaluation.failures.isEmpty else {
      throw evaluation.isEmpty ? ExitCode.badData : ExitCode.someFailed
    }
  }

  /// Shows how far it is on a terminal, or takes that away.
  private func show(_ text: String?) {
    guard !quiet, Console.isErrorTerminal else { return }
    try? FileHandle.standardError.write(contentsOf: Data("\r\(text ?? "")\u{1B}[K".utf8))
  }

  static func range(_ text: String, _ option: String) throws -> LevelRange {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map {
      Double($0.trimmingCharacters(in: .whitespaces))
    }
    guard let last = parts.last, let high = last, parts.count <= 2,
      let low = parts.count == 2 ? parts[0] : 0
    else {
      throw UsageError("\(option) \(text): write LOW:HIGH, as in 0:255 or -1024:3000")
    }
    do throws(TesseraError) {
      return try LevelRange(low, high)
    } catch {
      throw UsageError("\(option) \(text): \(error)")
    }
  }
}

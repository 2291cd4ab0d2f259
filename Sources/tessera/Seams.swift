import ArgumentParser
import Base
import Terminal
import Metrics
import TileIO

/// `tessera seams`.
struct Seams: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures whether tiles show in a result of any program.",
    discussion: """
      Prints how much the picture jumps where tiles meet (seam step) and how much of its gradient \
      repeats with the tiles (comb energy): 1 means nothing. Beside a seam step stand its size in \
      8-bit levels and the range that lines between the seams have, which is chance. A second \
      result of the same image, made with the tiles elsewhere, is compared sample by sample (grid \
      shift, in 8-bit levels).
        tessera seams result.tif --pitch 512
        tessera seams result.tif shifted.tif --pitch 512
      """)

  @Argument(help: ArgumentHelp("The image to measure.", valueName: "result"))
  var result: String

  @Argument(
    help: ArgumentHelp(
      "A result of the same image whose tiles lay elsewhere or had another size.",
      valueName: "other"))
  var other: String?

  @Option(
    help: ArgumentHelp(
      "Look for seams so many px apart: the tile without its halo.", valueName: "n"))
  var pitch: Int

  @Option(help: ArgumentHelp("Begin with a seam at this column and row.", valueName: "n"))
  var offset = 0

  @Option(help: "Refuse images that claim more pixels than this.")
  var maxPixels = ImageFile.Limits().pixels

  @Flag(help: "Print JSON.")
  var json = false

  private struct Record: Encodable {
    var input: String
    var other: String?
    var report: SeamReport
  }

  mutating func validate() throws {
    guard maxPixels > 0 else { throw ValidationError("--max-pixels takes a positive number.") }
  }

  func run() throws {
    Interruption.listen()
    try CommandRunner.run {
      let grid: SeamGrid
      do throws(TesseraError) {
        grid = try SeamGrid(pitch: pitch, offset: offset)
      } catch {
        throw UsageError("--pitch \(pitch): \(error)")
      }
      let limits = ImageFile.Limits(pixels: maxPixels)
      let image = try ImageFile.open(result, limits: limits)
      let second = try other.map { try ImageFile.open($0, limits: limits) }
      let report: SeamReport
      do {
        report = try SeamSuite(grid).measure(
          image, against: second, isCancelled: { Interruption.isRequested })
      } catch let error as TesseraError where error != .cancelled {
        throw error.naming(result, "measuring seams")
      }
      guard !report.figures.isEmpty else {
        throw TesseraError(
          result, "measuring seams",
          "no seam every \(grid.pitch) px lies inside its \(report.width) x \(report.height) px; "
            + "choose a smaller --pitch")
      }
      if json {
        Console.json(Record(input: result, other: other, report: report))
      } else {
        Console.result(lines(report).joined(separator: "\n"))
      }
    }
  }

  private func lines(_ report: SeamReport) -> [String] {
    let start = report.offset == 0 ? "" : " from \(report.offset)"
    var lines = [
      "\(result)  \(report.width) x \(report.height) px, seams every \(report.pitch) px\(start)"
    ]
    for (direction, seams) in [("vertical  ", report.vertical), ("horizontal", report.horizontal)] {
      if let step = seams.steps.last {
        lines.append(
          "  seam step, \(direction)    \(list(seams.steps.map { ($0.channel, $0.ratio) }))"
            + " (\(decimal(step.levels)) levels; controls \(decimal(step.lowestControl)) to "
            + "\(decimal(step.highestControl)))")
      }
      if !seams.combs.isEmpty {
        lines.append(
          "  comb energy, \(direction)  \(list(seams.combs.map { ($0.channel, $0.ratio) }))")
      }
    }
    if let shift = report.gridShift {
      lines.append(
        "  grid shift               RMS \(decimal(shift.rms, 3)), largest "
          + "\(decimal(shift.maximum, 3)), 99.9 % within \(decimal(shift.percentile999, 3)) levels; "
          + "\(shift.differingSamples) of \(shift.samples) samples differ")
    }
    return lines + report.notes.map { "  note: \($0)" }
  }

  private func list(_ values: [(String, Double)]) -> String {
    values.map { "\($0) \(decimal($1))" }.joined(separator: ", ")
  }

  /// Whole numbers without decimals, huge ones as they are.
  private func decimal(_ value: Double, _ places: Int = 2) -> String {
    guard value < 1e9 else { return "\(value)" }
    return value.decimal(places > 2 && value == value.rounded() ? 0 : places)
  }
}

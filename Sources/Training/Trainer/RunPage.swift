import Base
import Foundation
import TileIO

/// Draws samples of a run and keeps its page up to date.
final class RunPage {
  private let run: RunDirectory
  private let data: Dataset
  private let validation: Validation
  private let settings: [RunReport.Setting]
  private var samples: [RunReport.Sample]
  private var written = ContinuousClock.now
  private var drawn = ContinuousClock.now
  private var interval = Duration.seconds(15)
  private(set) var warnings: [String] = []

  private static let (rows, kept) = (4, 24)

  init(
    _ run: RunDirectory, _ settings: TrainingSettings, finding: String?, samplesOf data: Dataset,
    _ validation: Validation
  ) {
    (self.run, self.data, self.validation) = (run, data, validation)
    var named = settings.table
    if let finding { named["validation"] = finding }
    self.settings = named.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
    samples = Self.found(run)
  }

  func warn(_ text: String) { if warnings.count < 50 { warnings.append(text) } }

  /// Whether new samples are due by the clock; the first soon, so that there is something to see.
  var isDue: Bool { ContinuousClock.now - drawn >= interval }

  /// Draws a grid of what the method makes now; returns brightnesses to watch.
  func draw(
    _ method: any TrainingMethod, step: Int, epoch: Int
  ) throws(TesseraError) -> (source: [Float], made: [Float], target: [Float]) {
    var grid = SampleGrid(columns: [
      "source", "result", validation.isPaired ? "target" : "another of B",
    ])
    var brightness: (source: [Float], made: [Float], target: [Float]) = ([], [], [])
    var shown = 0
    for index in 0..<min(4 * Self.rows, data.count) where shown < Self.rows {
      guard let example = try? data.example(index, epoch: 0, place: index, seed: 0, isRandom: false)
      else { continue }
      let result = try validation.translated(example, method)
      grid.append([
        Self.picture(example.source, data.colors), Self.picture(result),
        Self.picture(example.target),
      ])
      if case .picture(let source) = example.source, source.values.count == result.values.count {
        brightness.source += source.values
        brightness.made += result.values
        brightness.target += example.target.values
      }
      shown += 1
    }
    guard shown > 0 else { return brightness }
    let digits = String(step)
    let name = "step-\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits).png"
    try grid.write(to: "\(run.samples)/\(name)")
    samples.removeAll { $0.path.hasSuffix(name) }
    samples.append(Self.sample(name, step, epoch))
    thin()
    drawn = .now
    interval = min(.seconds(120), interval * 2)
    return brightness
  }

  /// Writes the page.
  func write(
    _ state: RunReport.State, _ progress: TrainingProgress?, losses: LossTable,
    validation table: LossTable, bestEpoch: Int?
  ) throws(TesseraError) {
    let name = URL(filePath: run.path).standardizedFileURL.lastPathComponent
    var report = RunReport(title: name, method: run.method, state: state, progress: progress)
    report.settings = settings
    report.losses = losses
    report.validation = table.count > 0 ? table : nil
    report.bestEpoch = bestEpoch
    report.samples = samples
    report.warnings = warnings
    try report.write(to: run.report)
    written = .now
  }

  /// Whether the page is old.
  var isOld: Bool { ContinuousClock.now - written >= .seconds(20) }

  // Of many samples every second of the older ones goes, so that the whole run stays in view.
  private func thin() {
    guard samples.count > Self.kept else { return }
    let half = samples.count / 2
    for (place, sample) in samples.enumerated() where place < half && place % 2 == 1 {
      unlink("\(run.path)/\(sample.path)")
    }
    samples = samples.enumerated().filter { $0.offset >= half || $0.offset % 2 == 0 }
      .map(\.element)
  }

  private static func found(_ run: RunDirectory) -> [RunReport.Sample] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: run.samples)) ?? []
    return names.sorted().compactMap { name in
      guard name.hasPrefix("step-"), name.hasSuffix(".png"),
        let step = Int(name.dropFirst(5).dropLast(4))
      else { return nil }
      return sample(name, step, nil)
    }
  }

  private static func sample(_ name: String, _ step: Int, _ epoch: Int?) -> RunReport.Sample {
    .init(
      "\(epoch.map { "epoch \($0), " } ?? "")step \(ShortNumber.count(step))",
      path: "samples/\(name)")
  }

  private static func picture(_ picture: Picture) -> SamplePicture {
    SamplePicture(
      values: picture.values, channels: picture.channels, height: picture.height,
      width: picture.width)
  }

  private static func picture(
    _ source: TrainingExample.Source, _ colors: LabelColors?
  ) -> SamplePicture {
    switch source {
    case .picture(let source): return picture(source)
    case .labels(let map, _):
      let bytes = colors?.entries.flatMap(\.color)
      return SamplePicture(
        labels: map.labels.map(Int.init), height: map.height, width: map.width,
        palette: bytes.map(LabelPalette.init(bytes:)) ?? .spread)
    }
  }
}

import Foundation
import TileIO

/// The measures of one pass over two images, and what they amount to.
struct PairedRun: Sendable {
  let reader: BandReader
  let measures: [any BandMeasure]

  private let metrics: Set<PairedMetric>
  private let isColor: Bool
  private let isRangeGiven: Bool
  private let isFloat: Bool
  private let range: LevelRange
  private let differences: [DifferenceMeasure]
  private let similarity: [[SimilarityMeasure]]
  private let graySimilarity: [SimilarityMeasure]
  private let multiScale: [MultiScaleMeasure]
  private let edges: EdgeMeasure?
  private let information: MutualInformation?
  private let colors: [ColorMeasure]
  private let labels: LabelMeasure?
  private let side: Int

  init(
    _ metrics: Set<PairedMetric>, _ range: LevelRange?, _ result: ImageInfo, _ target: ImageInfo
  ) {
    let channels = target.channels - (target.hasAlpha ? 1 : 0)
    let (width, height) = (target.width, target.height)
    self.metrics = metrics
    isColor = channels == 3
    isRangeGiven = range != nil
    isFloat = target.sampleFormat == .float32
    let chosen = range ?? LevelRange(white: target.sampleFormat.white)
    self.range = chosen
    side = min(width, height)
    let wantsLuminance = metrics.contains { $0.isOfContent }
    // Numbers of classes mean the same in any depth.
    let hasLabels = metrics.contains(where: \.isOfLabels)
    reader = BandReader(
      result, target, wantsLuminance: wantsLuminance, keepsNumbers: hasLabels)
    labels = hasLabels ? LabelMeasure() : nil
    // Of one channel the luminance is the channel itself.
    let gray = channels == 3 ? 3 : 0
    let isWide = side >= GaussianWindow.side
    differences = (0..<channels).map(DifferenceMeasure.init)
    similarity =
      metrics.contains(.ssim) && isWide
      ? (0..<channels).map {
        SimilarityMeasure.blocks(plane: $0, width: width, range: chosen.width)
      } : []
    graySimilarity =
      metrics.contains(.graySSIM) && isWide
      ? SimilarityMeasure.blocks(plane: gray, width: width, range: chosen.width) : []
    multiScale =
      metrics.contains(.msSSIM) && side >= MultiScaleMeasure.minimumSide
      ? (0..<channels).map { MultiScaleMeasure(plane: $0, width: width, range: chosen.width) } : []
    edges =
      metrics.contains(.edgeSSIM) && isWide
      ? EdgeMeasure(plane: gray, width: width, height: height, range: chosen.width) : nil
    information =
      metrics.contains(.nmi) ? MutualInformation(planes: channels, range: chosen) : nil
    let isWhole = target.sampleFormat != .float32 && result.sampleFormat != .float32
    let lab = LabColor(white: Double(target.sampleFormat.white), isWhole: isWhole)
    colors =
      isColor && metrics.contains(where: \.needsColor)
      ? (0..<ColorMeasure.parts).map {
        ColorMeasure(part: $0, color: lab, wantsCIEDE2000: metrics.contains(.deltaE))
      } : []
    // The slowest first, so that no thread is left with one at the end.
    var all: [any BandMeasure] = multiScale
    if let edges { all.append(edges) }
    all += colors as [any BandMeasure]
    all += similarity.flatMap { $0 } as [any BandMeasure]
    all += graySimilarity as [any BandMeasure]
    if let information { all.append(information) }
    if let labels { all.append(labels) }
    measures = all + differences
  }

  /// The figures, once all bands have been taken.
  var figures: PairedFigures {
    var figures = PairedFigures()
    let sums = differences.map(\.sums)
    let count = Double(sums.reduce(0) { $0 + $1.count })
    figures.pixels = sums.map(\.count).max() ?? 0
    figures.nonFiniteSamples = sums.reduce(0) { $0 + $1.nonFinite }
    guard count > 0 else {
      figures.notes.append("no pixel to compare: the mask is empty or no sample is a number")
      return figures
    }
    if let labels {
      for metric in metrics where metric.isOfLabels {
        set(metric, labels.figure(metric), &figures)
      }
    }
    guard metrics.contains(where: { !$0.isOfLabels }) else { return figures }
    let square = sums.reduce(0) { $0 + $1.squares } / count
    set(.mae, sums.reduce(0) { $0 + $1.magnitudes } / count, &figures)
    set(.rmse, square.squareRoot(), &figures)
    if isRangeKnown(sums, &figures) { addRanged(square, &figures) }
    if metrics.contains(where: \.needsColor) { addColors(&figures) }
    return figures
  }

  private func set(_ metric: PairedMetric, _ value: Double?, _ figures: inout PairedFigures) {
    if metrics.contains(metric), let value { figures.values[metric] = value }
  }

  /// Whether the levels lie in the data range; floats may hold anything.
  private func isRangeKnown(
    _ sums: [DifferenceMeasure.Sums], _ figures: inout PairedFigures
  ) -> Bool {
    let minimum = sums.map(\.minimum).min() ?? 0
    let greatest = sums.map(\.greatest).max() ?? 0
    let needy = metrics.subtracting([.mae, .rmse])
    guard isFloat, !isRangeGiven, !needy.isEmpty, minimum < -0.01 || greatest > 1.01 else {
      return true
    }
    figures.notes.append(
      "levels reach from \(minimum) to \(greatest), not from 0 to 1: only MAE and RMSE need no "
        + "--data-range LOW:HIGH")
    return false
  }

  private func addRanged(_ square: Double, _ figures: inout PairedFigures) {
    set(.psnr, 10 * log10(range.width * range.width / square), &figures)
    set(.nmi, information?.figure, &figures)
    set(.ssim, mean(similarity.map { Self.mean($0.map(\.sums)) }), &figures)
    set(.graySSIM, Self.mean(graySimilarity.map(\.sums)), &figures)
    set(.edgeSSIM, edges.flatMap { Self.mean([$0.sums]) }, &figures)
    set(.msSSIM, mean(multiScale.map(\.figure)), &figures)
    let windowed: Set<PairedMetric> = [.ssim, .graySSIM, .edgeSSIM]
    if side < GaussianWindow.side, !metrics.isDisjoint(with: windowed) {
      figures.notes.append("no SSIM: its window has \(GaussianWindow.side) px, the image \(side)")
    }
    if metrics.contains(.msSSIM), side < MultiScaleMeasure.minimumSide {
      figures.notes.append(
        "no MS-SSIM: five scales need \(MultiScaleMeasure.minimumSide) px, the image has \(side)")
    }
  }

  private func addColors(_ figures: inout PairedFigures) {
    guard isColor else {
      figures.notes.append("no ΔE: it needs red, green and blue")
      return
    }
    let sums = colors.map(\.sums)
    let count = Double(sums.reduce(0) { $0 + $1.count })
    guard count > 0 else { return }
    set(.deltaE76, sums.reduce(0) { $0 + $1.cie76 } / count, &figures)
    set(.deltaE, sums.reduce(0) { $0 + $1.ciede2000 } / count, &figures)
  }

  private static func mean(_ parts: [SimilaritySums]) -> Double? {
    let sums = parts.reduce(SimilaritySums(), +)
    return sums.count > 0 ? sums.similarity / Double(sums.count) : nil
  }

  private func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap(\.self)
    guard !known.isEmpty, known.count == values.count else { return nil }
    return known.reduce(0, +) / Double(known.count)
  }
}

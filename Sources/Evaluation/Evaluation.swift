import Foundation
import Metrics

/// Everything that was measured.
package struct Evaluation: Sendable {
  /// One image and its figures.
  package struct Image: Sendable {
    package var item: EvaluatedSets.Item
    /// Against the target.
    package var pair: PairedFigures?
    /// Against the untranslated input.
    package var content: PairedFigures?
    /// Why it could not be compared.
    package var failure: String?

    func value(_ column: Column) -> Double? {
      (column.isOfInput ? content : pair)?.values[column.metric]
    }
  }

  /// A metric and what it compares with.
  struct Column: Hashable, Sendable {
    var metric: PairedMetric
    var isOfInput: Bool

    /// The name in tables.
    var name: String { isOfInput ? "\(metric.rawValue)-to-input" : metric.rawValue }
  }

  /// A metric over all images.
  struct Summary {
    var column: Column
    var mean: Double
    var median: Double
    /// Nil for one image, or where a figure is infinite.
    var deviation: Double?
    var worst: Double
    var worstName: String
    var count: Int
  }

  package var images: [Image] = []
  /// Result against target, and input against target by name where there is an input.
  package var sets: [(figure: SetFigure, input: SetFigure?)] = []
  package var notes: [String] = []
  /// Files that failed, with the reason.
  package var failures: [(path: String, reason: String)] = []
  package let files: EvaluatedSets
  package var backbone: String?

  /// Nothing was measured.
  package var isEmpty: Bool {
    sets.isEmpty && images.allSatisfy { $0.pair == nil && $0.content == nil }
  }

  /// The metrics that some image has, in the order of the documentation.
  var columns: [Column] {
    [false, true].flatMap { isOfInput in
      PairedMetric.allCases.map { Column(metric: $0, isOfInput: isOfInput) }
    }.filter { column in images.contains { $0.value(column) != nil } }
  }

  var summaries: [Summary] { columns.compactMap(summary) }

  private func summary(_ column: Column) -> Summary? {
    let known = images.compactMap { image in
      image.value(column).map { (name: image.item.name, value: $0) }
    }
    let sorted = known.sorted { $0.value < $1.value }
    guard let worst = column.metric.isBetterHigher ? sorted.first : sorted.last else { return nil }
    let values = sorted.map(\.value)
    let mean = values.reduce(0, +) / Double(values.count)
    let middle = values.count / 2
    let median =
      values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Summary(
      column: column, mean: mean, median: median,
      deviation: values.count > 1 && mean.isFinite
        ? (squares / Double(values.count - 1)).squareRoot() : nil,
      worst: worst.value, worstName: worst.name, count: values.count)
  }

  /// The images from the worst on.
  func worst(_ column: Column, _ count: Int) -> [Image] {
    let known = images.filter { $0.value(column) != nil }
    return Array(
      known.sorted { first, second in
        let (a, b) = (first.value(column) ?? 0, second.value(column) ?? 0)
        return column.metric.isBetterHigher ? a < b : a > b
      }.prefix(count))
  }

  /// A number with as many decimals as it has meaning.
  static func text(_ value: Double?) -> String {
    guard let value else { return "" }
    guard value.isFinite else { return value.isNaN ? "-" : "inf" }
    if value == 0 { return "0" }
    let places = abs(value) >= 100 ? 2 : abs(value) >= 10 ? 3 : abs(value) >= 0.01 ? 4 : 6
    return String(format: "%.\(places)f", value)
  }
}

import Foundation
import Metrics

/// The figures as lines of JSON: one an image, then one for all.
///
/// A figure that is infinite, as PSNR of two images that are the same, is null.
package struct EvaluationJSON {
  private struct Image: Encodable {
    var name, result: String
    var target, input, mask: String?
    var metrics: [String: Double?]
    var pixels: Int?
    var notes: [String]
    var status: String
    var reason: String?
  }

  private struct Summary: Encodable {
    var mean, median, deviation, worst: Double?
    var worstImage: String
    var images: Int
  }

  private struct Distance: Encodable {
    var value: Double?
    var deviation: Double?
    var input: Double?
    var meaning: String
  }

  private struct Whole: Encodable {
    var result, target: String
    var input, backbone: String?
    var images, compared, failed, unmatched: Int
    var summary: [String: Summary]
    var sets: [String: Distance]
    var notes: [String]
  }

  package let lines: [String]

  package init(_ evaluation: Evaluation) {
    let columns = evaluation.columns
    let images = evaluation.images.map { image in
      let figures = image.pair ?? image.content
      var metrics: [String: Double?] = [:]
      for column in columns {
        if let value = image.value(column) { metrics[column.name] = .some(Self.finite(value)) }
      }
      return Image(
        name: image.item.name, result: image.item.result, target: image.item.target,
        input: image.item.input, mask: image.item.mask, metrics: metrics, pixels: figures?.pixels,
        notes: (image.pair?.notes ?? []) + (image.content?.notes ?? []),
        status: image.failure != nil ? "failed" : figures == nil ? "unpaired" : "compared",
        reason: image.failure)
    }
    let summaries = evaluation.summaries.map { summary in
      (
        summary.column.name,
        Summary(
          mean: Self.finite(summary.mean), median: Self.finite(summary.median),
          deviation: summary.deviation.flatMap(Self.finite), worst: Self.finite(summary.worst),
          worstImage: summary.worstName, images: summary.count)
      )
    }
    let sets = evaluation.sets.map { figure, input in
      (
        figure.name,
        Distance(
          value: Self.finite(figure.value), deviation: figure.deviation.flatMap(Self.finite),
          input: input.flatMap { Self.finite($0.value) }, meaning: figure.meaning)
      )
    }
    let whole = Whole(
      result: evaluation.files.result, target: evaluation.files.target,
      input: evaluation.files.input, backbone: evaluation.backbone,
      images: evaluation.images.count,
      compared: evaluation.images.count { $0.pair != nil || $0.content != nil },
      failed: evaluation.failures.count, unmatched: evaluation.files.unmatched,
      summary: Dictionary(summaries) { first, _ in first },
      sets: Dictionary(sets) { first, _ in first }, notes: evaluation.notes)
    lines = images.compactMap(Self.line) + [Self.line(whole)].compactMap(\.self)
  }

  private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

  private static func line(_ value: some Encodable) -> String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) }
  }
}

import Base
import Foundation
import Metrics
import TileIO

/// The figures as one page without scripts or other files: the summary, the worst images, all images.
struct EvaluationPage {
  let html: String

  /// The most rows of the table of all images; the CSV file has them all.
  private static let maximumRows = 2000

  init(_ evaluation: Evaluation, worst: Int, thumbnails: EvaluationThumbnails) {
    let title = "\(evaluation.files.result) against \(evaluation.files.target)"
    let notes = HTMLPage.notes("Notes", evaluation.notes + evaluation.failures.map(\.reason))
    html =
      HTMLPage(
        title: title, style: Self.style,
        body: "<h1>\(HTMLPage.escaped(title))</h1>\n" + Self.head(evaluation)
          + Self.summary(evaluation) + Self.distances(evaluation) + notes
          + Self.worst(evaluation, worst, thumbnails) + Self.images(evaluation)
      ).text
  }

  private static let style = """
    figcaption, th { font-size: .8rem; }
    figcaption { color: var(--muted); }
    .reason { font-size: .85rem; margin-bottom: 8px; }
    .scroll { overflow-x: auto; }
    article { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; margin: 12px 0; }
    .pictures { display: flex; flex-wrap: wrap; gap: 12px; margin-bottom: 6px; }

    """

  private static func head(_ evaluation: Evaluation) -> String {
    let compared = evaluation.images.count { $0.pair != nil || $0.content != nil }
    var parts = ["\(evaluation.images.count) results", "\(compared) compared"]
    if !evaluation.failures.isEmpty { parts.append("\(evaluation.failures.count) failed") }
    if evaluation.files.unmatched > 0 { parts.append("\(evaluation.files.unmatched) unmatched") }
    if let input = evaluation.files.input { parts.append("input \(input)") }
    parts.append("Tessera \(TesseraVersion.current)")
    return "<p class=\"stamp\">\(HTMLPage.escaped(parts.joined(separator: " · ")))</p>\n"
  }

  private static func summary(_ evaluation: Evaluation) -> String {
    let summaries = evaluation.summaries
    guard !summaries.isEmpty else { return "" }
    let rows = summaries.map { summary in
      row([
        "<b>\(HTMLPage.escaped(summary.column.name))</b>", Evaluation.text(summary.mean),
        Evaluation.text(summary.median), Evaluation.text(summary.deviation),
        Evaluation.text(summary.worst), HTMLPage.escaped(summary.worstName),
        "<small>\(HTMLPage.escaped(summary.column.metric.meaning))</small>",
      ])
    }
    return table(
      "Images", ["metric", "mean", "median", "sd", "worst", "worst image", "meaning"], rows)
  }

  private static func distances(_ evaluation: Evaluation) -> String {
    guard !evaluation.sets.isEmpty else { return "" }
    let hasInput = evaluation.sets.contains { $0.input != nil }
    let rows = evaluation.sets.map { figure, input in
      row(
        ["<b>\(HTMLPage.escaped(figure.name))</b>", EvaluationText.value(figure)]
          + (hasInput ? [input.map(EvaluationText.value) ?? "-"] : [])
          + ["<small>\(HTMLPage.escaped(figure.meaning))</small>"])
    }
    let backbone = evaluation.backbone.map {
      "<p class=\"stamp\">features of \(HTMLPage.escaped($0))</p>\n"
    }
    return table(
      "Set to set", ["metric", "result"] + (hasInput ? ["input"] : []) + ["meaning"], rows)
      + (backbone ?? "")
  }

  private static func worst(
    _ evaluation: Evaluation, _ count: Int, _ thumbnails: EvaluationThumbnails
  ) -> String {
    // An image that several metrics find bad is shown once.
    var reasons: [String: [String]] = [:]
    var order: [Evaluation.Image] = []
    for column in evaluation.columns {
      for (rank, image) in evaluation.worst(column, count).enumerated() {
        if reasons[image.item.name] == nil { order.append(image) }
        let place = rank == 0 ? "worst" : "no. \(rank + 1)"
        reasons[image.item.name, default: []].append("\(place) by \(column.name)")
      }
    }
    guard !order.isEmpty else { return "" }
    let cards = order.map { image in
      card(image, reasons[image.item.name] ?? [], evaluation.columns, thumbnails)
    }
    let gain = Int(EvaluationThumbnails.gain)
    return "<section>\n<h2>Worst images</h2>\n"
      + "<p class=\"stamp\">the difference is multiplied by \(gain)</p>\n"
      + cards.joined() + "</section>\n"
  }

  private static func card(
    _ image: Evaluation.Image, _ reasons: [String], _ columns: [Evaluation.Column],
    _ thumbnails: EvaluationThumbnails
  ) -> String {
    let (item, name) = (image.item, HTMLPage.escaped(image.item.name))
    let target = item.target.flatMap { thumbnails.picture($0) }
    let input = item.input.flatMap { thumbnails.picture($0) }
    let result = thumbnails.picture(item.result, range: (target ?? input)?.range)
    var pictures: [(String, EvaluationThumbnails.Picture?)] = []
    if let input { pictures.append(("input", input)) }
    pictures.append(("result", result))
    if let target { pictures.append(("target", target)) }
    if let result, let target {
      pictures.append(("difference", EvaluationThumbnails.difference(result, target)))
    }
    let figures = pictures.compactMap { title, picture -> String? in
      guard let picture, let address = thumbnails.address(picture) else { return nil }
      return "<figure><img src=\"\(address)\" width=\"\(picture.width)\""
        + " height=\"\(picture.height)\" alt=\"\(title) of \(name)\"><figcaption>\(title)</figcaption></figure>\n"
    }
    let values = columns.compactMap { column in
      image.value(column).map { "\(HTMLPage.escaped(column.name)) \(Evaluation.text($0))" }
    }
    return "<article>\n<h3>\(name)</h3>\n<p class=\"reason\">"
      + "\(HTMLPage.escaped(reasons.joined(separator: ", ")))</p>\n<div class=\"pictures\">\n"
      + figures.joined() + "</div>\n<p class=\"stamp\">\(values.joined(separator: " · "))</p>\n"
      + "</article>\n"
  }

  private static func images(_ evaluation: Evaluation) -> String {
    let columns = evaluation.columns
    guard !columns.isEmpty else { return "" }
    let rows = evaluation.images.prefix(maximumRows).map { image in
      row(
        [HTMLPage.escaped(image.item.name)] + columns.map { Evaluation.text(image.value($0)) }
          + [HTMLPage.escaped(image.failure ?? "")])
    }
    let rest = evaluation.images.count - maximumRows
    let more = rest > 0 ? "<p class=\"stamp\">and \(rest) more, in the CSV file</p>\n" : ""
    return table(
      "All images", ["image"] + columns.map { HTMLPage.escaped($0.name) } + [""], Array(rows))
      + more
  }

  private static func row(_ cells: [String]) -> String {
    "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>\n"
  }

  private static func table(_ title: String, _ head: [String], _ rows: [String]) -> String {
    let names = head.map { "<th scope=\"col\">\($0)</th>" }.joined()
    return "<section>\n<h2>\(title)</h2>\n<div class=\"scroll\"><table>\n<thead><tr>\(names)</tr>"
      + "</thead>\n<tbody>\n\(rows.joined())</tbody>\n</table></div>\n</section>\n"
  }
}

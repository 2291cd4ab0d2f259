import Metrics

/// The figures as lines for people.
package struct EvaluationText {
  package let lines: [String]

  package init(_ evaluation: Evaluation, isQuiet: Bool) {
    var lines: [String] = []
    let summaries = evaluation.summaries
    if evaluation.files.isDirectory, !summaries.isEmpty {
      let rows = summaries.map { summary in
        [
          summary.column.name, Evaluation.text(summary.mean), Evaluation.text(summary.median),
          Evaluation.text(summary.deviation), Evaluation.text(summary.worst), summary.worstName,
        ]
      }
      let count = summaries.map(\.count).max() ?? 0
      lines += Self.table(
        ["\(count) image\(count == 1 ? "" : "s")", "mean", "median", "sd", "worst", ""], rows)
    } else {
      lines += Self.table([], summaries.map { [$0.column.name, Evaluation.text($0.mean)] })
    }
    if !evaluation.sets.isEmpty {
      if !lines.isEmpty { lines.append("") }
      let hasInput = evaluation.sets.contains { $0.input != nil }
      lines += Self.table(
        ["set to set", "result"] + (hasInput ? ["input"] : []),
        evaluation.sets.map { figure, input in
          [figure.name, Self.value(figure)] + (hasInput ? [input.map(Self.value) ?? "-"] : [])
        })
      if let backbone = evaluation.backbone { lines.append("features of \(backbone)") }
    }
    if !isQuiet { lines += evaluation.notes.map { "note: \($0)" } }
    self.lines = lines
  }

  static func value(_ figure: SetFigure) -> String {
    let deviation = figure.deviation.map { " ± \(Evaluation.text($0))" } ?? ""
    return Evaluation.text(figure.value) + deviation
  }

  /// Rows with aligned columns: numbers to the right, names to the left.
  private static func table(_ head: [String], _ rows: [[String]]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let all = head.isEmpty ? rows : [head] + rows
    let columns = all.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return all.map { row in
      let cells = row.enumerated().map { column, text in
        let gap = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 || column == 5 ? text + gap : gap + text
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}

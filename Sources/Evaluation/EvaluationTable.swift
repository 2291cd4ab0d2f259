import Metrics

/// The figures as CSV: a row an image.
struct EvaluationTable {
  let text: String

  init(_ evaluation: Evaluation) {
    let columns = evaluation.columns
    let head =
      ["name", "result", "target", "input"] + columns.map(\.name) + ["pixels", "status", "reason"]
    var rows = [head]
    for image in evaluation.images {
      let figures = image.pair ?? image.content
      let status = image.failure != nil ? "failed" : figures == nil ? "unpaired" : "compared"
      rows.append(
        [image.item.name, image.item.result, image.item.target ?? "", image.item.input ?? ""]
          + columns.map { column in image.value(column).map { "\($0)" } ?? "" }
          + [figures.map { "\($0.pixels)" } ?? "", status, image.failure ?? ""])
    }
    text = rows.map { $0.map(Self.field).joined(separator: ",") + "\r\n" }.joined()
  }

  /// Quoted where it has to be (RFC 4180).
  private static func field(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") && $0 != 10 && $0 != 13
    }
    return isPlain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
  }
}

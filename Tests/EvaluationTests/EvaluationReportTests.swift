import Base
import Foundation
import Metrics
import TestSupport
import Testing
import TileIO

@testable import Evaluation

struct EvaluationReportTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// One pair of images that need not be there, with an MAE each.
  private func evaluation(_ names: [String], mae: [Double]) throws -> Evaluation {
    let sets = try EvaluatedSets(
      result: folder.path("a.png"), target: folder.path("b.png"), input: nil, mask: nil)
    var evaluation = Evaluation(files: sets)
    for (name, value) in zip(names, mae) {
      var figures = PairedFigures()
      figures.values = [.mae: value]
      evaluation.images.append(
        Evaluation.Image(
          item: EvaluatedSets.Item(name: name, result: name, target: "t"), pair: figures))
    }
    return evaluation
  }

  private func page(_ evaluation: Evaluation) -> String {
    let thumbnails = EvaluationThumbnails(
      limits: ImageFile.Limits(), pool: WorkerPool(count: 1))
    return EvaluationPage(evaluation, worst: 2, thumbnails: thumbnails).html
  }

  @Test func `a page shows names of files as text only`() throws {
    var evaluation = try evaluation(["<img src=x>&\"'"], mae: [1])
    evaluation.notes = ["<script>note</script>"]
    evaluation.failures = [("p", "<script>reason</script>")]
    let page = page(evaluation)
    #expect(!page.contains("<img") && !page.contains("<script"))
    #expect(page.contains("&lt;img src=x&gt;&amp;&quot;&#39;"))
    #expect(page.contains("&lt;script&gt;note") && page.contains("&lt;script&gt;reason"))
  }

  @Test func `a field of a table is quoted where it must be`() throws {
    let table = EvaluationTable(try evaluation(["a,b", "say \"x\"", "c"], mae: [1, 2, 0.5])).text
    let rows = table.components(separatedBy: "\r\n")
    #expect(rows[0] == "name,result,target,input,mae,pixels,status,reason")
    #expect(rows[1] == "\"a,b\",\"a,b\",t,,1.0,0,compared,")
    #expect(rows[2].hasPrefix("\"say \"\"x\"\"\","))
    #expect(rows[3] == "c,c,t,,0.5,0,compared," && rows[4].isEmpty)
  }

  @Test func `a summary has mean, median, deviation and the worst`() throws {
    let evaluation = try evaluation(["a", "b", "c", "d"], mae: [1, 5, 2, 4])
    let summary = try #require(evaluation.summaries.first)
    #expect(summary.mean == 3 && summary.median == 3 && summary.count == 4)
    #expect(abs((summary.deviation ?? 0) - (10.0 / 3).squareRoot()) < 1e-12)
    #expect(summary.worst == 5 && summary.worstName == "b")
    #expect(evaluation.worst(summary.column, 2).map(\.item.name) == ["b", "d"])
  }

  @Test func `numbers have as many decimals as they have meaning`() {
    let texts = [0, 0.001234567, 0.12345, 12.3456, 1234.567, .infinity, .nan].map {
      Evaluation.text($0)
    }
    #expect(texts == ["0", "0.001235", "0.1235", "12.346", "1234.57", "inf", "-"])
    #expect(Evaluation.text(nil).isEmpty)
  }

  @Test func `a file that is no report is not replaced`() throws {
    let path = folder.path("notes.csv")
    try Data("my notes\n".utf8).write(to: URL(filePath: path))
    #expect(throws: UsageError.self) { try EvaluationFiles(csv: path).check() }
    let files = EvaluationFiles(csv: folder.path("new.csv"), directory: folder.path("report"))
    for _ in 0..<2 {
      try files.check()
      try files.write(
        evaluation(["a"], mae: [1]), worst: 1, limits: ImageFile.Limits(),
        pool: WorkerPool(count: 1))
    }
    #expect(
      folder.contents == [
        "new.csv", "notes.csv", "report", "report/evaluation.json", "report/images.csv",
        "report/index.html",
      ])
  }
}

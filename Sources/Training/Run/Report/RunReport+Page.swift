import Base
import Foundation

extension RunReport {
  /// The whole page.
  package var html: String {
    HTMLPage(
      title: "\(title) · \(method)", style: Self.style,
      body: header + facts + HTMLPage.notes("Warnings", warnings) + pictures + curves + table,
      // The page fetches itself again while there is something new to come.
      refresh: state == .running ? 30 : nil
    ).text
  }

  private var header: String {
    let (word, reason) =
      switch state {
      case .running: ("running", "")
      case .finished: ("finished", "")
      case .stopped(let reason): ("stopped", reason)
      }
    let note = reason.isEmpty ? "" : "<p class=\"reason\">\(HTMLPage.escaped(reason))</p>\n"
    return """
      <header>
      <div><h1>\(HTMLPage.escaped(title))</h1><p class="method">\(HTMLPage.escaped(method))</p></div>
      <p class="state \(word)">\(word)</p>
      </header>
      \(note)
      """
  }

  private var facts: String {
    guard let progress else { return stamp }
    var facts: [(name: String, value: String, more: String)] = [
      (
        "step", ShortNumber.count(progress.step), "of \(ShortNumber.count(progress.steps))"
      ),
      ("epoch", "\(progress.epoch)", "of \(progress.epochs)"),
    ]
    if let seconds = progress.secondsPerStep {
      facts.append(("time per step", SpokenDuration.step(seconds), ""))
      facts.append(("waiting for data", TrainingProgress.percent(progress.dataWait), "of the time"))
    }
    if let left = progress.secondsLeft, state == .running {
      facts.append(("time left", SpokenDuration.text(left), ""))
    }
    let items = facts.map { fact in
      "<div><dt>\(fact.name)</dt><dd>\(fact.value)<small> \(fact.more)</small></dd></div>\n"
    }
    let part = String(format: "%.1f", progress.fraction * 100)
    return """
      <div class="bar" role="progressbar" aria-valuenow="\(part)" aria-valuemin="0"\
       aria-valuemax="100"><i style="width:\(part)%"></i></div>
      <dl class="facts">
      \(items.joined())</dl>
      \(stamp)
      """
  }

  private var stamp: String {
    "<p class=\"stamp\">as of \(HTMLPage.escaped(updated.formatted(.iso8601)))</p>\n"
  }

  private var pictures: String {
    guard !samples.isEmpty else { return "" }
    let figures = samples.suffix(Self.sampleLimit).reversed().map { sample in
      let link = HTMLPage.link(to: sample.path)
      let title = HTMLPage.escaped(sample.title)
      return "<figure class=\"sample\"><figcaption>\(title)</figcaption><a href=\"\(link)\"><img"
        + " src=\"\(link)\" alt=\"Samples, \(title)\" loading=\"lazy\"></a></figure>\n"
    }
    let older = samples.count - Self.sampleLimit
    let note = older > 0 ? "<p class=\"stamp\">\(older) older in samples/</p>\n" : ""
    return "<section>\n<h2>Samples</h2>\n\(figures.joined())\(note)</section>\n"
  }

  private var curves: String {
    section("Validation", validation, leading: ValidationLog.leading, by: "epoch")
      + section("Losses", losses, leading: LossLog.leading, by: "step")
  }

  private func section(
    _ title: String, _ table: LossTable?, leading: [String], by unit: String
  ) -> String {
    guard let table, table.count > 0 else { return "" }
    let isValidation = unit == "epoch"
    let places = table[unit]
    let charts = table.columns.filter { !leading.contains($0) }.map { column in
      CurveChart(
        name: column,
        curve: Curve(x: places, y: table[column], isSmoothed: !isValidation), unit: unit,
        mark: isValidation ? bestEpoch.map(Double.init) : nil)
    }
    let best =
      isValidation ? bestEpoch.map { "<p class=\"stamp\">best epoch: \($0)</p>\n" } ?? "" : ""
    return "<section>\n<h2>\(title)<small> by \(unit)</small></h2>\n\(best)<div class=\"charts\">\n"
      + charts.map(\.html).joined() + "</div>\n</section>\n"
  }

  private var table: String {
    guard !settings.isEmpty else { return "" }
    let rows = settings.map {
      "<tr><th scope=\"row\">\(HTMLPage.escaped($0.name))</th>"
        + "<td>\(HTMLPage.escaped($0.value))</td></tr>\n"
    }
    return "<section>\n<h2>Settings</h2>\n<table>\n\(rows.joined())</table>\n</section>\n"
  }
}

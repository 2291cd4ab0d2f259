import Foundation
import TileIO

extension RunReport {
  /// The whole page.
  package var html: String {
    let name = MarkupText.escaped(title)
    // The page fetches itself again while there is something new to come.
    let refresh = state == .running ? "<meta http-equiv=\"refresh\" content=\"30\">\n" : ""
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      \(refresh)<title>\(name) · \(MarkupText.escaped(method))</title>
      <style>
      \(ReportStyle.text)</style>
      </head>
      <body>
      <main>
      \(header(name))\(facts)\(notices)\(pictures)\(curves)\(table)</main>
      </body>
      </html>

      """
  }

  private func header(_ name: String) -> String {
    let (word, reason) =
      switch state {
      case .running: ("running", "")
      case .finished: ("finished", "")
      case .stopped(let reason): ("stopped", reason)
      }
    let note = reason.isEmpty ? "" : "<p class=\"reason\">\(MarkupText.escaped(reason))</p>\n"
    return """
      <header>
      <div><h1>\(name)</h1><p class="method">\(MarkupText.escaped(method))</p></div>
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
    "<p class=\"stamp\">as of \(MarkupText.escaped(updated.formatted(.iso8601)))</p>\n"
  }

  private var notices: String {
    guard !warnings.isEmpty else { return "" }
    let items = warnings.map { "<li>\(MarkupText.escaped($0))</li>\n" }.joined()
    return "<section class=\"warnings\">\n<h2>Warnings</h2>\n<ul>\n\(items)</ul>\n</section>\n"
  }

  private var pictures: String {
    guard !samples.isEmpty else { return "" }
    let figures = samples.suffix(Self.sampleLimit).reversed().map { sample in
      let link = PageLink.to(sample.path)
      let title = MarkupText.escaped(sample.title)
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
      "<tr><th scope=\"row\">\(MarkupText.escaped($0.name))</th>"
        + "<td>\(MarkupText.escaped($0.value))</td></tr>\n"
    }
    return "<section>\n<h2>Settings</h2>\n<table>\n\(rows.joined())</table>\n</section>\n"
  }
}

import Base
import Foundation
import TestSupport
import Testing

@testable import Training

struct RunReportTests {
  private static let when = Date(timeIntervalSince1970: 1_790_000_000)

  /// A run of so many rows, with all that a page can show.
  private func report(_ rows: Int, _ state: RunReport.State = .running) -> RunReport {
    var numbers = SeededNumbers(seed: 1, .samples)
    let names = ["G_GAN", "G_L1", "D_real", "D_fake", "idt_A", "cycle_A", "NCE", "KLD"]
    var losses = LossTable(columns: LossLog.leading + names)
    for step in 0..<rows {
      let part = Double(step) / Double(max(1, rows))
      let values: [Double] = [
        1 + part + numbers.unit(), 60 * exp(-6 * part) + numbers.unit(), 0.5 * numbers.unit(),
        0.3 + 0.2 * sin(20 * part) + 0.3 * numbers.unit(), 3 - 2 * part + numbers.unit(),
        100 * exp(-9 * part) * (0.5 + numbers.unit()), 4, numbers.unit() * 1e-6,
      ]
      losses.append(
        [Double(step * 100), 1 + (part * 20).rounded(.down), 0.2, 0.01]
          + values.enumerated().map { $0.offset == 7 && step % 3 > 0 ? nil : $0.element })
    }
    var validation = LossTable(columns: ValidationLog.leading + ["psnr", "ssim"])
    for epoch in 1...12 {
      let value = 1 - exp(-Double(epoch) / 4) - (epoch > 8 ? 0.02 * Double(epoch - 8) : 0)
      validation.append(
        [Double(epoch), Double(epoch * 1000), 18 + 7 * value, 0.5 + 0.4 * value])
    }
    var report = RunReport(
      title: "horse2zebra <i>&\"'", method: "cyclegan", state: state,
      progress: TrainingProgress(
        step: 12_300, steps: 200_000, epoch: 13, epochs: 200, secondsPerStep: 0.142,
        dataWait: 0.034),
      updated: Self.when)
    report.settings = [
      .init("--data", "/data/<script>alert(1)</script>"), .init("--lambda-cycle", "10"),
      .init("--crop-size", "256"), .init("--learning-rate", "0.0002"),
    ]
    (report.losses, report.validation, report.bestEpoch) = (losses, validation, 8)
    report.warnings = ["D_A: its loss has been below 0.01 for 500 steps, the discriminator <wins>"]
    report.samples = (1...20).map { .init("epoch \($0)", path: "samples/epoch \($0)#&?.png") }
    return report
  }

  @Test func `nothing that is shown can become part of the page`() {
    var report = report(50, .stopped("it said \"<b>\" \u{1} & ended"))
    report.losses = LossTable(columns: ["step", "<svg onload=x>"])
    report.losses?.append([1, 2])
    let html = report.html
    for text in ["<i>&", "<script", "<wins>", "<b>\"", "<svg onload", "\u{1}", "#&"] {
      #expect(!html.contains(text), "\(text)")
    }
    #expect(html.contains("horse2zebra &lt;i&gt;&amp;&quot;&#39;"))
    #expect(html.contains("/data/&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(html.contains("src=\"./samples/epoch%2020%23%26%3F.png\""))
    #expect(HTMLPage.link(to: "javascript:alert(1)") == "./javascript%3Aalert%281%29")
  }

  @Test func `only a page of a running run fetches itself again`() {
    let refresh = "<meta http-equiv=\"refresh\" content=\"30\">"
    #expect(report(5).html.contains(refresh))
    #expect(report(5).html.contains("time left"))
    for state in [RunReport.State.finished, .stopped("the disk is full")] {
      let html = report(5, state).html
      #expect(!html.contains("http-equiv"))
      #expect(!html.contains("time left"))
    }
    #expect(report(5, .stopped("the disk is full")).html.contains("the disk is full"))
  }

  @Test func `the page needs nothing but the pictures beside it`() {
    let html = report(500).html
    for word in ["http://", "https://", "<script", "@import", "url(", "<link"] {
      #expect(!html.contains(word), "\(word)")
    }
    #expect(html.components(separatedBy: "src=").count - 1 == RunReport.sampleLimit)
    // The newest first.
    let newest = html.range(of: "epoch%2020")?.lowerBound ?? html.endIndex
    let older = html.range(of: "epoch%2019")?.lowerBound ?? html.startIndex
    #expect(newest < older)
    #expect(html.contains("8 older in samples/"))
  }

  @Test func `a run of a million rows has a page of less than 300 KB`() {
    let html = report(1_000_000).html
    #expect(html.utf8.count < 300_000, "\(html.utf8.count)")
  }

  @Test func `a page is well-formed at every length of a run`() throws {
    let folder = try TemporaryDirectory()
    for rows in [0, 1, 2, 19, 20, 21, 599, 601, 5000] {
      let path = folder.path("index.html")
      try report(rows).write(to: path)
      let html = try String(contentsOfFile: path, encoding: .utf8)
      for tag in ["section", "figure", "svg", "dl", "table", "main", "div", "text", "p"] {
        let opened =
          html.components(separatedBy: "<\(tag)>").count
          + html.components(separatedBy: "<\(tag) ").count - 2
        #expect(opened == html.components(separatedBy: "</\(tag)>").count - 1, "\(tag), \(rows)")
      }
      let points = html.components(separatedBy: "points=\"").dropFirst()
      for line in points {
        #expect(line.prefix { $0 != "\"" }.split(separator: " ").count <= Curve.limit)
      }
      #expect(!html.contains("nan,") && !html.contains(",nan"))
    }
    #expect(folder.contents == ["index.html"])
  }

  @Test func `a curve keeps its extremes however long it is`() {
    var values = [Double?](repeating: 1, count: 100_000)
    (values[33_333], values[77_777], values[50_000]) = (9, -9, nil)
    (values[60_000], values[60_001]) = (.nan, .infinity)
    let curve = Curve(x: values.indices.map(Double.init), y: values)
    #expect(curve.raw.count <= Curve.limit)
    #expect(curve.raw.contains(Curve.Point(x: 33_333, y: 9)))
    #expect(curve.raw.contains(Curve.Point(x: 77_777, y: -9)))
    #expect(curve.firstFault == 60_000)
    #expect(curve.last == 1)
    #expect(zip(curve.raw, curve.raw.dropFirst()).allSatisfy { $0.x < $1.x })
    #expect(curve.smooth.count <= Curve.limit / 2)
    #expect(curve.smooth.first?.x == 0 && curve.smooth.last?.x == 99_999)
    let html = CurveChart(name: "x", curve: curve).html
    #expect(html.contains("not a number at step 60,000"))
  }

  @Test func `means neither lag nor leave a straight line`() {
    let x = (0..<1000).map { Optional(Double($0)) }
    let curve = Curve(x: x, y: x.map { $0.map { 2 * $0 + 1 } })
    #expect(curve.smooth.allSatisfy { abs($0.y - (2 * $0.x + 1)) < 1e-6 })
  }

  @Test(arguments: [
    ([0.1, 0.5, 0.9], false), ([0.001, 0.1, 1], true), ([-1, 0.1, 50], false),
    ([5, 5, 5], false), ([0, 0, 0], false), ([1e-12, 1e-3], true), ([1e30, -1e30], false),
    ([], false),
  ])
  func `an axis suits its values`(values: [Double], isLogarithmic: Bool) {
    let axis = ChartAxis(values: values, course: [])
    #expect(axis.isLogarithmic == isLogarithmic)
    #expect(axis.low < axis.high)
    #expect((2...20).contains(axis.marks.count), "\(axis.marks)")
    for value in values { #expect((0...1).contains(axis.place(value))) }
    for mark in axis.marks {
      #expect(mark >= axis.low && mark <= axis.high)
    }
  }

  @Test func `noise alone does not make an axis logarithmic`() {
    let values = (1...999).map { Double($0) / 1000 }
    #expect(ChartAxis(values: values, course: []).isLogarithmic)
    #expect(!ChartAxis(values: values, course: [0.4, 0.6]).isLogarithmic)
  }

  @Test(arguments: [
    [Double.greatestFiniteMagnitude, -.greatestFiniteMagnitude], [.leastNonzeroMagnitude, 1e99],
    [-1e99, 1e99], [.nan], [.infinity, 1], [1e-320, 2e-320], [1, 1 + 1e-15], [-0.0],
  ])
  func `any numbers can be drawn`(values: [Double]) {
    for count in [1, 30, 2000] {
      let y = (0..<count).map { Optional(values[$0 % values.count]) }
      let x = y.indices.map { Optional(Double($0 + 1_000_000)) }
      let html = CurveChart(name: "x", curve: Curve(x: x, y: y)).html
      #expect(html.contains("<svg"))
      let none = CurveChart(name: "x", curve: Curve(x: y, y: x)).html
      #expect(none.contains("<svg"))
    }
  }

  @Test func `one spike does not flatten a curve`() {
    let values = (0..<1000).map { $0 == 500 ? 1e6 : Double($0 % 10) - 5 }
    #expect(ChartAxis(values: values, course: []).high < 10)
  }
}

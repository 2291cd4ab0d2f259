import Foundation
import Networks
import Plugins
import StainNormalization
import TestSupport
import Testing

/// No false alarms.
@Suite(.serialized) struct ConformanceGoodPairTests {
  @Test(arguments: cases([0], slow: [1, 2])) func `a pixel function passes everything`(round: Int) {
    let run = SuiteRun(Inversion(), windows: 10_000)
    #expect(run.failed.isEmpty, "\(run.findings.filter { $0.outcome == .failed })")
    #expect(run.detail("footprint").contains("pixels beyond a core change nothing"))
  }

  @Test(arguments: cases([3], slow: [1])) func `a blur with a true halo passes everything`(
    channels: Int
  ) {
    let run = SuiteRun(
      Restricted(base: BoxBlur(radius: 6, channels: channels), formats: [.uint8, .uint16]))
    #expect(run.failed.isEmpty, "\(run.findings.filter { $0.outcome == .failed })")
    #expect(run.detail("footprint").contains("a halo of 6 px, all of it read"))
  }

  @Test func `a pair is looked at in windows of the size that the engine gives it`() {
    let run = SuiteRun(SizedPair(isHonest: true))
    #expect(run.detail("footprint").contains("windows of three sizes give the same bytes"))
    #expect(run.failed.isDisjoint(with: ["footprint", "tiles"]))
    let other = SuiteRun(SizedPair(isHonest: false))
    #expect(other.failed.isSuperset(of: ["footprint", "tiles"]))
  }

  @Test(.tags(.slow), .whenSlow) func `the built-in pair passes the whole suite`() throws {
    let run = SuiteRun(StainNormalization(), isQuick: false)
    #expect(run.failed.isEmpty, "\(run.findings.filter { $0.outcome == .failed })")
    #expect(run.findings.map(\.check) == ConformanceSuite.names)
    #expect(!run.detail("footprint").contains("copies"), "\(run.detail("footprint"))")
  }

  @Test func `a pair that copies every picture has nothing to fail in`() {
    let run = SuiteRun(Inversion(copyReason: "there is nothing to do"))
    #expect(run.failed.isEmpty)
    #expect(run.detail("tiles").contains("there is nothing to do"))
  }

  @Test func `findings survive JSON`() throws {
    let finding = ConformanceFinding(
      pair: "a", check: "white", outcome: .notApplicable, detail: "one\ntwo", seconds: 1.23456)
    let data = try JSONEncoder().encode(finding)
    #expect(try JSONDecoder().decode(ConformanceFinding.self, from: data) == finding)
    #expect(String(decoding: data, as: UTF8.self).contains("not applicable"))
    #expect(finding.detail == "one; two")
  }
}

import Plugins
import TesseraPlugin
import TestSupport
import Testing

/// What one process may do to another's memory and time these tests would see.
@Suite(.serialized) struct ConformanceFaultTests {
  @Test func `a halo that is too small is told with the one that would do`() {
    let run = SuiteRun(first: BadPair(.understatedHalo))
    #expect(run.detail("footprint").contains("declares a halo of 2 px, reads 5 px away"))
    #expect(run.failedFirst == ["footprint", "tiles"])
  }

  @Test func `a result that depends on where the window ends is told from a small halo`() {
    let run = SuiteRun(first: BadPair(.windowEnds))
    #expect(run.detail("footprint").contains("though no pixel beyond its halo of 5 px counts"))
    #expect(run.failedFirst.isSubset(of: ["footprint", "tiles", "threads"]))
  }

  @Test func `a translator that remembers windows is found out`() {
    let run = SuiteRun(first: BadPair(.hiddenState))
    #expect(run.failed.contains("deterministic") && run.failed.contains("hidden-state"))
    #expect(run.detail("hidden-state").contains("differ"))
    #expect(
      run.failedFirst.isSubset(of: [
        "deterministic", "hidden-state", "output", "footprint", "tiles", "threads",
      ]))
  }

  @Test func `a pair that remembers pictures is found out`() {
    let run = SuiteRun(first: BadPair(.pairState))
    #expect(run.failed.contains("deterministic") || run.failed.contains("hidden-state"))
    #expect(run.failedFirst.isSubset(of: ["deterministic", "hidden-state", "tiles"]))
  }

  @Test(arguments: cases([0], slow: [1, 2, 3, 4]))
  func `memory that threads share without a lock is found out`(round: Int) {
    let run = SuiteRun(first: BadPair(.racing))
    #expect(run.detail("threads").contains("must not share"))
    #expect(run.failedFirst.isSubset(of: ["threads", "tiles"]))
  }

  @Test func `another tile in the place of the core is found out`() {
    let run = SuiteRun(first: BadPair(.wrongSize))
    #expect(run.detail("output").contains("where") && run.detail("output").contains("asked for"))
    #expect(run.failed.contains("output"))
    #expect(run.failed.isDisjoint(with: ["footprint", "deterministic", "hidden-state", "memory"]))
  }

  @Test func `a core that is not written whole is found out`() {
    let run = SuiteRun(first: BadPair(.half))
    #expect(run.detail("output").contains("it does not write the whole core"))
    #expect(
      run.failedFirst.isSubset(of: ["output", "tiles", "footprint", "threads", "hidden-state"]))
  }

  @Test func `values that are no numbers are found out`() {
    let run = SuiteRun(first: BadPair(.notANumber))
    #expect(run.detail("output").contains("nan"))
    #expect(run.failedFirst == ["output", "blank", "black", "white", "tiny", "odd-sizes"])
  }

  @Test func `values beyond the declared range are found out`() {
    let run = SuiteRun(first: BadPair(.range))
    #expect(run.detail("output").contains("outside of the range"))
    #expect(
      run.failedFirst.isSubset(of: [
        "output", "blank", "black", "white", "not-numbers", "tiny", "odd-sizes",
      ]))
  }

  /// Makes the classes 0 to 2, of which it declares two.
  private struct UndeclaredClass: DomainPair, TileTranslator {
    let footprint = Footprint.pixel

    var description: PairDescription {
      var description = PairDescription(
        id: "undeclared", title: "Undeclared", sourceDomain: "one", targetDomain: "another",
        version: "1", license: "MIT", summary: "For tests.", channels: 1)
      description.formats = [.uint8]
      description.output = .labels([LabelClass("glass"), LabelClass("tissue")])
      return description
    }

    func calibrate(
      _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
    ) throws(PairError) -> Calibration { Calibration(.translate(self)) }

    func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
      let columns = core.region.columns
      for row in core.region.rows {
        let line = window.withRow(row, columns: columns, as: UInt8.self) { samples in
          samples.indices.map { samples[$0] % 3 }
        }
        core.withMutableRow(row, columns: columns, as: UInt8.self) { samples in
          for index in line.indices { samples[index] = line[index] }
        }
      }
    }
  }

  @Test func `a class that was not declared is found out`() {
    let run = SuiteRun(first: UndeclaredClass())
    #expect(
      run.detail("output").contains("made class 2, but 2 classes are declared"),
      "\(run.detail("output"))")
    #expect(run.failed.contains("output"))
  }
}

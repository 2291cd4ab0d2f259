import TesseraPlugin
import TileIO
import Translation

/// Whether tiling shows: the engine's own proof, on a picture of odd sides.
enum TilesCheck {
  static func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
    let isSlow = try subject.isSlow
    // Floats are looked at by other checks; here a value that is no number would hide the rest.
    let formats = subject.formats.filter { $0 != .float32 }
    let tried = formats.isEmpty ? subject.formats : isSlow ? [formats[0]] : formats
    var count = 0
    for format in tried {
      // Says why, where there is nothing to translate.
      _ = try subject.driver(format)
      let picture = TestPicture(
        subject.description, width: ConformanceSubject.pictureSides[0],
        height: ConformanceSubject.pictureSides[1], format: format)
      let options = try PairOptions(
        subject.choices.options, declared: subject.description.declaredOptions)
      let isAlive = subject.isAlive
      let findings: [Verification.Finding]
      do {
        findings = try Verification(subject.pool).run(
          runs(isSlow: isSlow), observer: .init(rowsDone: { _, _ in isAlive() })
        ) { pool in
          var settings = TranslationSettings(try subject.pair(on: pool), options: options)
          settings.reference = subject.reference
          settings.furtherImages = picture.furtherSources
          return settings
        } open: {
          picture.source
        }
      } catch let error as PairError {
        return .failed("\(format.rawValue): \(error.message)")
      }
      for finding in findings where finding.differingSamples > 0 {
        return .failed("\(format.rawValue): \(text(finding))")
      }
      count += findings.count
    }
    return .passed(
      "\(count) ways to cut \(ConformanceSubject.pictureSides[0]) x"
        + " \(ConformanceSubject.pictureSides[1]) px up give the same bytes")
  }

  private static func runs(isSlow: Bool) -> [Verification.Run] {
    isSlow
      ? [Verification.Run(tile: 160, origin: 72, threads: 1)]
      : [
        Verification.Run(tile: 512), Verification.Run(tile: 64, origin: 17),
        Verification.Run(tile: 101, origin: 40, threads: 3),
        Verification.Run(tile: 200, threads: 1),
      ]
  }

  private static func text(_ finding: Verification.Finding) -> String {
    let tile = finding.tile == 0 ? "the engine's own windows" : "cores of \(finding.tile) px"
    let origin = finding.origin == 0 ? "" : " from \(finding.origin)"
    let threads = "\(finding.threads) thread\(finding.threads == 1 ? "" : "s")"
    return "\(tile)\(origin) on \(threads) differ in \(finding.differingSamples) samples, by up to"
      + " \(Float(finding.maximumDifference))"
  }
}

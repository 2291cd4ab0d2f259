import TesseraPlugin
import Translation

/// Whether a pair knows that an overview pixel may stand for several of the image.
///
/// The picture is made of squares of four equal pixels, so that its overview at half its size holds all
/// that the one at full size does: a calibration on either is to come to about the same.
enum OverviewCheck {
  private static let sides = [2304, 1920]
  /// A difference that no rounding explains, as a share of full intensity.
  private static let tolerance = 1.0 / 16
  /// The share of samples that may differ by more, such as at the borders of a mask.
  private static let share = 0.02

  /// Shows a pair an overview of full size in the place of the reduced one.
  private struct Unreduced: DomainPair {
    let pair: any DomainPair
    let picture: TestPicture

    var description: PairDescription { pair.description }

    func samples(
      for overview: borrowing Overview, options: PairOptions
    ) throws(PairError) -> [PixelRegion] { try pair.samples(for: overview, options: options) }

    func calibrate(
      _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
    ) throws(PairError) -> Calibration {
      var full = picture.overview
      full.samples = overview.samples
      return try pair.calibrate(full, options: options, reference: reference)
    }
  }

  static func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
    guard subject.kind != .model else {
      return .notApplicable("networks are measured on parts of level 0")
    }
    guard !subject.limits.isQuick else { return .notApplicable("left out by --quick") }
    let picture = subject.picture(
      .init(sides: sides, pattern: .doubled(.tissue(seed: 3))))
    let driver: WindowDriver
    switch try subject.calibrate(picture) {
    case .ready(let ready): driver = ready
    case .copies(let reason): return .notApplicable("it copies the picture unchanged: \(reason)")
    case .refuses(let reason): return .passed("it refuses such a picture: \(reason)")
    }
    guard
      case .ready(let full) = try subject.calibrate(
        picture, pair: Unreduced(pair: subject.pair, picture: picture))
    else { return .notApplicable("it refuses an overview of full size") }
    var (count, differing) = (0, 0)
    for (x, y) in [(200, 150), (1100, 300), (2200, 100), (300, 1000), (1300, 1100), (2200, 1800)] {
      let place = driver.place(at: x, y, core: 128)
      let made = try driver.run(place)
      let other = try full.run(full.place(at: x, y, core: 128))
      let samples = made.count / driver.outputFormat.bytes
      let white = Double(driver.outputFormat.white)
      count += samples
      for index in 0..<min(samples, other.count / driver.outputFormat.bytes) {
        let distance = abs(
          SampleDifference.value(made, index, driver.outputFormat)
            - SampleDifference.value(other, index, driver.outputFormat))
        let isFar =
          !subject.description.output.isLabels
          ? distance > white * tolerance : distance > 0
        if isFar || distance.isNaN { differing += 1 }
      }
    }
    let text =
      "\(differing) of \(count) samples come out otherwise where an overview pixel stands for 2 x 2"
    guard Double(differing) <= share * Double(count) else {
      return .failed(
        "\(text), though both overviews show the same: positions and lengths in the overview are"
          + " `reduction` times as large in the image")
    }
    return .passed(text)
  }
}

import Synchronization
import TesseraPlugin

/// A pair that keeps to everything but one thing.
///
/// Without a fault it is a pixel function, or a blur of 11 px for those that are about halos.
final class BadPair: DomainPair {
  /// What is wrong with it.
  enum Fault: String, CaseIterable, Sendable {
    case understatedHalo, windowEnds, hiddenState, pairState, racing, wrongSize, half, notANumber
    case range
  }

  let fault: Fault

  init(_ fault: Fault) { self.fault = fault }

  var description: PairDescription {
    var description = PairDescription(
      id: "bad-pair", title: "Bad pair", sourceDomain: "good", targetDomain: "bad", version: "1",
      license: "MIT", summary: "For tests.", channels: 3)
    if fault == .range { description.outputRange = 0...0.5 }
    return description
  }

  private let calibrations = Mutex(0)

  func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    let count = calibrations.withLock { count in
      count += 1
      return count
    }
    return Calibration(.translate(BadTranslator(fault, calibration: count)))
  }
}

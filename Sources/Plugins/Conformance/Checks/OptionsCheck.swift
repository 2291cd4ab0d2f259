import TesseraPlugin

/// Whether the ends of every option are usable, or refused with a message.
enum OptionsCheck {
  static func run(_ subject: ConformanceSubject) throws -> ConformanceVerdict {
    let options = subject.description.options
    guard !options.isEmpty else { return .notApplicable("it has no options") }
    let picture = TestPicture(subject.description, width: 160, height: 96)
    var (count, refusals): (Int, [String]) = (0, [])
    for option in options {
      for value in values(of: option) {
        count += 1
        let setting = "\(option.name)=\(value)"
        switch try subject.calibrate(picture, options: [option.name: value]) {
        case .copies: continue
        case .refuses(let reason): refusals.append("\(setting): \(reason)")
        case .ready(let driver):
          // A network is the same whatever the option: its calibration was the trial.
          guard subject.kind != .model else { continue }
          do throws(ConformanceFault) {
            if case .refused(let reason) = try driver.runGuarded(driver.whole) {
              refusals.append("\(setting): \(reason)")
            }
          } catch {
            guard case .failed(let reason) = error.verdict else { throw error }
            return .failed("\(setting): \(reason)")
          }
        }
      }
    }
    let text =
      "\(count) values of \(options.count) option\(options.count == 1 ? "" : "s")"
    guard let first = refusals.first else { return .passed(text) }
    return .passed("\(text), \(refusals.count) refused (\(first))")
  }

  /// The default and the ends.
  private static func values(of option: PairOption) -> [String] {
    let ends: [String] =
      switch option.kind {
      case .choice(let words): words
      case .number(let range): ["\(range.lowerBound)", "\(range.upperBound)"]
      case .integer(let range): ["\(range.lowerBound)", "\(range.upperBound)"]
      case .flag: ["true", "false"]
      case .text: ["", "a b=ü"]
      }
    return [option.defaultValue] + ends.filter { $0 != option.defaultValue }
  }
}

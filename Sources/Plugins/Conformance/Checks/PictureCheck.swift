import TesseraPlugin

/// Whether pictures at the edge of what there is are translated, or refused with a message.
struct PictureCheck: Sendable {
  private let patterns: [PicturePattern]
  private let sides: [[Int]]
  private let isForFloatsOnly: Bool

  private init(_ patterns: [PicturePattern], sides: [[Int]], isForFloatsOnly: Bool = false) {
    self.patterns = patterns
    self.sides = sides
    self.isForFloatsOnly = isForFloatsOnly
  }

  /// All pixels equal.
  static let blank = PictureCheck([.uniform(41_000)], sides: [[96, 80]])
  /// Nothing but zeros.
  static let black = PictureCheck([.uniform(0)], sides: [[96, 80]])
  /// Nothing but full intensity.
  static let white = PictureCheck([.uniform(65535)], sides: [[96, 80]])
  /// Floats that are no numbers among others.
  static let notNumbers = PictureCheck([.notNumbers], sides: [[96, 80]], isForFloatsOnly: true)
  /// Hardly a picture.
  static let tiny = PictureCheck([.tissue(seed: 1)], sides: [[1, 1], [1, 7], [7, 1]])
  /// Sides that nothing divides.
  static let oddSizes = PictureCheck([.tissue(seed: 1)], sides: [[17, 13], [255, 129]])

  /// Tries all.
  func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
    let formats = subject.formats.filter { !isForFloatsOnly || $0 == .float32 }
    guard !formats.isEmpty else { return .notApplicable("it takes no float samples") }
    var (results, copies, refusals) = (0, 0, [String]())
    for format in formats {
      for pattern in patterns {
        for sides in sides {
          let picture = TestPicture(
            subject.description, width: sides[0], height: sides[1], format: format,
            pattern: pattern)
          switch try subject.calibrate(picture) {
          case .copies: copies += 1
          case .refuses(let reason): refusals.append(reason)
          case .ready(let driver):
            switch try driver.runGuarded(driver.whole) {
            case .bytes: results += 1
            case .refused(let reason): refusals.append(reason)
            }
          }
        }
      }
    }
    return .passed(text(results, copies, refusals))
  }

  private func text(_ results: Int, _ copies: Int, _ refusals: [String]) -> String {
    var parts: [String] = []
    if results > 0 { parts.append("\(results) translated") }
    if copies > 0 { parts.append("\(copies) copied unchanged") }
    if let first = refusals.first { parts.append("\(refusals.count) refused (\(first))") }
    return parts.joined(separator: ", ")
  }
}

/// What the process in which a suite runs tells the one that watches it, a line each.
struct ConformanceMessage: Codable, Sendable {
  /// What has happened.
  enum Event: String, Codable, Sendable {
    /// The plugin has been opened: `names` are its pairs, `faults` what was left out.
    case opened
    /// The plugin cannot be opened, for this `reason`.
    case unusable
    /// The check `check` of `pair` begins.
    case began
    /// Something has been done.
    case alive
    /// A check has ended, with `finding`.
    case ended
    /// Nothing is left to do.
    case done
  }

  var event: Event
  var names: [String]?
  var faults: [String]?
  var reason: String?
  var pair: String?
  var check: String?
  var finding: ConformanceFinding?

  /// States an event.
  init(_ event: Event) { self.event = event }
}

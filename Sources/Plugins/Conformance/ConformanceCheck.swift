/// One thing that a pair is held to.
struct ConformanceCheck: Sendable {
  /// The name, in kebab case.
  let name: String
  /// Whether it makes no sense for a pair that cannot be calibrated.
  let needsTranslator: Bool
  private let body: @Sendable (ConformanceSubject) throws -> ConformanceResult

  /// Names a check.
  init(
    _ name: String, needsTranslator: Bool = true,
    _ body: @escaping @Sendable (ConformanceSubject) throws -> ConformanceResult
  ) {
    self.name = name
    self.needsTranslator = needsTranslator
    self.body = body
  }

  /// Runs it; whatever a pair throws where it must not is a failure.
  func run(_ subject: ConformanceSubject) -> ConformanceFinding {
    let start = ContinuousClock.now
    let result: ConformanceResult
    do {
      result = try body(subject)
    } catch let fault as ConformanceFault {
      result = fault.result
    } catch {
      result = .failed("it refuses the test picture: \(error)")
    }
    return result.finding(
      pair: subject.description.id, check: name, seconds: (ContinuousClock.now - start).seconds)
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}

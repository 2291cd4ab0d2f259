import Foundation
public import Testing

extension Tag {
  /// Takes many seconds, and guards what short tests guard, too.
  @Tag public static var slow: Self
}

/// Whether everything is to be tested.
public let isSlow = ProcessInfo.processInfo.environment["SLOW"] == "1"

extension Trait where Self == ConditionTrait {
  /// Runs under `SLOW=1` only.
  public static var whenSlow: Self { .enabled(if: isSlow, "slow tests run with SLOW=1") }
}

/// Arguments of a test: `quick` in every run, `slow` under `SLOW=1` only.
public func cases<Case>(_ quick: [Case], slow: [Case]) -> [Case] {
  isSlow ? quick + slow : quick
}

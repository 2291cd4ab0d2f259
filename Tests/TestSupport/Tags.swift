import Foundation
public import Testing

extension Tag {
  /// Takes many seconds, and guards what short tests guard, too.
  @Tag public static var slow: Self
}

extension Trait where Self == ConditionTrait {
  /// Runs under `SLOW=1` only.
  public static var whenSlow: Self {
    .enabled(
      if: ProcessInfo.processInfo.environment["SLOW"] == "1", "slow tests run with SLOW=1")
  }
}

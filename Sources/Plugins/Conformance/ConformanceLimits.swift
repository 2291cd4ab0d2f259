/// How thorough a suite is.
public struct ConformanceLimits: Sendable, Hashable {
  /// Windows over which memory must be steady.
  public var windows: Int
  /// The longest that a check which repeats itself goes on, in seconds.
  public var longest: Double
  /// How long threads are let loose on a translator, in seconds.
  public var threading: Double
  /// How long each speed is measured, in seconds.
  public var timing: Double
  /// Whether only the most telling of several trials are made.
  public var isQuick: Bool

  /// Everything, or in a few seconds what can be told in them.
  public init(isQuick: Bool = false, windows: Int? = nil) {
    self.isQuick = isQuick
    self.windows = windows ?? (isQuick ? 4000 : 10_000)
    longest = isQuick ? 2 : 20
    threading = isQuick ? 0.6 : 2.5
    timing = isQuick ? 0.25 : 1
  }
}

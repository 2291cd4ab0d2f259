/// A place where a network looks at a whole picture at once: a norm layer, a global pool.
public struct Statistic: Sendable, Hashable {
  /// What is measured, over rows and columns.
  public enum Kind: Sendable, Hashable {
    /// Mean and variance of each channel (instance norm, batch norm in training mode).
    case channelMoments
    /// Mean and variance of each of so many groups of channels.
    case groupMoments(groups: Int)
    /// The mean alone (global average pool, a mean or variance written out).
    case mean
    /// The largest value (global maximum pool).
    case maximum
  }

  /// What is measured.
  public let kind: Kind
  /// The value that is measured.
  public let input: String
  /// What the operation makes of it; names the statistic.
  public let output: String
  /// The operation in a message.
  public let title: String
}

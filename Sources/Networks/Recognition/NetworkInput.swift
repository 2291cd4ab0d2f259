/// What a network takes in.
public enum NetworkInput: Sendable, Hashable {
  /// A picture.
  case image
  /// A map of class numbers, one channel a class that is 1 where a pixel has it; behind them may be
  /// a channel that is 1 on the borders of instances.
  case labels(classes: Int, hasEdgeChannel: Bool)
}

public import ModelGraph

/// A generator out of a checkpoint, ready to run.
public struct RecognizedNetwork: Sendable, Hashable {
  /// Sides of a picture.
  public struct Size: Sendable, Hashable {
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
  }

  /// What it is.
  public let architecture: Architecture
  /// Its configuration in words.
  public let configuration: String
  /// The network: inputs and outputs NCHW, batch 1, any height and width unless `trainedSize` is
  /// the only one.
  public let graph: Graph
  /// Channels of the first input.
  public let inputChannels: Int
  /// Channels of the output.
  public let outputChannels: Int
  /// What the first input is.
  public let input: NetworkInput
  /// Values of black and white going in, for pictures.
  public let inputRange: ClosedRange<Float>
  /// Values of black and white coming out.
  public let outputRange: ClosedRange<Float>
  /// The size it was made for, where its layers imply one.
  public let trainedSize: Size?
  /// What had to be assumed, a sentence each.
  public let notes: [String]
}

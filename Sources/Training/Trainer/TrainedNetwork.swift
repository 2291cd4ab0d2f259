import Networks
import TileIO

/// A generator that a run has trained, with what its parameters do not tell.
public struct TrainedNetwork: Sendable {
  /// Its checkpoint in the official layout, `latest_net_G.pth`.
  public let path: String
  /// The method.
  public let method: MethodName
  /// Number of its steps.
  public let steps: Int
  /// Classes of the label maps that it reads; nil for pictures.
  public let classes: Int?
  /// Whether a channel after the classes marks borders of instances.
  public let hasInstances: Bool
  /// The class that the number for "unknown" was learned as; nil where maps have none.
  public let unknownClass: Int?
  /// Colours of the classes, where maps have some.
  public let colours: LabelColours?
  /// Source values that become -1 and 1; nil for black and white.
  public let sourceWindow: ClosedRange<Float>?
  /// Values that -1 and 1 become; nil for black and white.
  public let targetWindow: ClosedRange<Float>?
  /// How often SPADE doubles its picture.
  public let upsampling: SPADEGenerator.Upsampling?
  /// Width of a picture over its height, where SPADE starts from a random vector.
  public let aspect: Double?
}

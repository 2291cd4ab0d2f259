import Networks
import TileIO

/// A generator that a run has trained, with what its parameters do not tell.
package struct TrainedNetwork: Sendable {
  /// Its checkpoint in the official layout, `latest_net_G.pth`.
  package let path: String
  /// The method.
  package let method: String
  /// Number of its steps.
  package let steps: Int
  /// Classes of the label maps that it reads; nil for pictures.
  package let classes: Int?
  /// Whether a channel after the classes marks borders of instances.
  package let hasInstances: Bool
  /// The class that the number for "unknown" was learned as; nil where maps have none.
  package let unknownClass: Int?
  /// Colors of the classes, where maps have some.
  package let colors: LabelColors?
  /// Source values that become -1 and 1; nil for black and white.
  package let sourceWindow: ClosedRange<Float>?
  /// Values that -1 and 1 become; nil for black and white.
  package let targetWindow: ClosedRange<Float>?
  /// How often SPADE doubles its picture.
  package var upsampling: SPADEGenerator.Upsampling?
  /// Width of a picture over its height, where SPADE starts from a random vector.
  package var aspect: Double?
}

/// What the user knows about a checkpoint that its parameters do not say.
public struct RecognitionOptions: Sendable, Hashable {
  /// What follows the last convolution of a generator.
  public enum LastLayer: String, Sendable, Hashable, CaseIterable {
    /// As published.
    case tanh
    /// Values from 0 to 1.
    case sigmoid
    /// The convolution itself.
    case none
  }

  /// The architecture; nil decides by names and shapes.
  public var architecture: Architecture?
  /// Which of several networks in a file, such as "G_A".
  public var network: String?
  /// How often a SPADE generator doubles the picture; nil takes 6 times with 36 label channels, as
  /// Cityscapes, else 5 times.
  public var upsampling: SPADEGenerator.Upsampling?
  /// Width over height of the pictures of a SPADE generator with a latent vector.
  public var aspect: Double?
  /// What a generator that is published with a tanh at its end has there; nil takes the tanh.
  public var lastLayer: LastLayer?
  /// Whether the input is a label map; nil decides by architecture and channels.
  public var takesLabels: Bool?
  /// Whether the last channel of a label map marks borders; nil decides by the number of channels.
  public var hasEdgeChannel: Bool?

  /// Knows nothing.
  public init() {}
}

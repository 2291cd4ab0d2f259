/// What the user knows about a checkpoint that its parameters do not say.
public struct RecognitionOptions: Sendable, Hashable {
  /// The architecture; nil decides by names and shapes.
  public var architecture: Architecture?
  /// Which of several networks in a file, such as "G_A".
  public var network: String?
  /// How often a SPADE generator doubles the picture; nil takes 6 times with 36 label channels, as
  /// Cityscapes, else 5 times.
  public var upsampling: SPADEGenerator.Upsampling?
  /// Width over height of the pictures of a SPADE generator with a latent vector.
  public var aspect: Double?
  /// Whether the input is a label map; nil decides by architecture and channels.
  public var takesLabels: Bool?
  /// Whether the last channel of a label map marks borders; nil decides by the number of channels.
  public var hasEdgeChannel: Bool?

  /// Knows nothing.
  public init() {}
}

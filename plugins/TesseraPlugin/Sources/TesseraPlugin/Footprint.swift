/// What a translator needs around a pixel to compute it, and in which size it likes to work.
public struct Footprint: Sendable, Hashable {
  /// Pixels of real image that the translator reads beyond the core, on every side.
  ///
  /// At a border of the image there is nothing to read: the window ends there.
  public var halo: Int
  /// Side in px of the core that suits the translator, when the user asks for no other.
  public var preferredCore: Int

  /// Declares a footprint; a pixel function has a halo of 0.
  public init(halo: Int, preferredCore: Int = 512) {
    precondition(halo >= 0 && preferredCore > 0, "halo \(halo), core \(preferredCore)")
    self.halo = halo
    self.preferredCore = preferredCore
  }

  /// The footprint of a function of single pixels.
  public static let pixel = Footprint(halo: 0, preferredCore: 256)
}

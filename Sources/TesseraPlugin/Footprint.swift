/// What a translator reads around a pixel to compute it, and the window sizes that suit it.
public struct Footprint: Sendable, Hashable {
  /// Real image pixels that the translator reads beyond the core, on every side.
  ///
  /// At an image border there is nothing to read: the window ends there.
  public var halo: Int
  /// Side in px of the core that suits the translator, unless the user asks for another.
  public var preferredCore: Int

  /// Windows and cores begin at multiples of this many px, and their sizes are multiples of it.
  ///
  /// An image whose size is not a multiple is extended by reflection.
  public var alignment: Int
  /// Minimum side of a window in px, unless the image is smaller.
  public var smallestWindow: Int
  /// Maximum number of pixels in a window, whatever size the user asks for; nil for no limit.
  public var largestWindow: Int?

  /// Declares a footprint; a pixel function has a halo of 0.
  public init(
    halo: Int, preferredCore: Int = 512, alignment: Int = 1, smallestWindow: Int = 1,
    largestWindow: Int? = nil
  ) {
    precondition(
      halo >= 0 && preferredCore > 0 && alignment > 0 && smallestWindow > 0
        && largestWindow ?? 1 > 0,
      "halo \(halo), core \(preferredCore), alignment \(alignment), windows \(smallestWindow)"
        + " to \(largestWindow ?? 0)")
    self.halo = halo
    self.preferredCore = preferredCore
    self.alignment = alignment
    self.smallestWindow = smallestWindow
    self.largestWindow = largestWindow
  }

  /// The footprint of a function of single pixels.
  public static let pixel = Footprint(halo: 0, preferredCore: 256)
}

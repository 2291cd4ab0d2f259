/// What a translator needs around a pixel to compute it, and in which size it likes to work.
public struct Footprint: Sendable, Hashable {
  /// Pixels of real image that the translator reads beyond the core, on every side.
  ///
  /// At a border of the image there is nothing to read: the window ends there.
  public var halo: Int
  /// Side in px of the core that suits the translator, when the user asks for no other.
  public var preferredCore: Int

  /// Windows and cores begin at multiples of this many px and are multiples in size.
  ///
  /// An image that is no multiple is continued by its mirror image up to one.
  public var alignment: Int
  /// Side in px that no window goes below, unless the image does.
  public var smallestWindow: Int
  /// The most pixels of a window, whatever size of it the user asks for; nil for any.
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

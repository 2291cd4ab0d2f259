/// How the colors of two slides are matched.
enum StainMethod: String, CaseIterable, Sendable {
  /// Two stain vectors from the extreme angles in the plane of the optical densities.
  case macenko
  /// Mean and deviation of each Lab channel.
  case reinhard
  /// Two stain vectors by sparse non-negative dictionary learning.
  case vahadane
  /// The fixed stain vectors of Ruifrok and Johnston.
  case ruifrok

  /// Whether the method separates stains, rather than shifting Lab channels.
  var separatesStains: Bool { self != .reinhard }
}

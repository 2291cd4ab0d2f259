/// How a laboratory stains and a scanner sees: what turns stain densities into RGB.
///
/// A pixel is `white · exp(-(h · hematoxylin + e · eosin))` for each channel (Beer-Lambert), where
/// `h` and `e` are the densities of the section times the strengths below.
public struct ScannerLook: Sendable, Hashable {
  /// Identifier in kebab case, used for folder names.
  public let name: String
  /// Optical density of hematoxylin in R, G, B; unit length.
  public let hematoxylin: SIMD3<Float>
  /// Optical density of eosin in R, G, B; unit length.
  public let eosin: SIMD3<Float>
  /// Factor on the density of hematoxylin.
  public let hematoxylinStrength: Float
  /// Factor on the density of eosin.
  public let eosinStrength: Float
  /// RGB of empty glass, 0...255.
  public let white: SIMD3<Float>
  /// Width over which an edge is out of focus, in px.
  public let softness: Float

  /// Describes a look; the stain vectors are scaled to unit length.
  public init(
    name: String, hematoxylin: SIMD3<Float>, eosin: SIMD3<Float>, hematoxylinStrength: Float,
    eosinStrength: Float, white: SIMD3<Float>, softness: Float
  ) {
    self.name = name
    self.hematoxylin = hematoxylin / (hematoxylin * hematoxylin).sum().squareRoot()
    self.eosin = eosin / (eosin * eosin).sum().squareRoot()
    self.hematoxylinStrength = hematoxylinStrength
    self.eosinStrength = eosinStrength
    self.white = white
    self.softness = softness
  }

  /// Strong, bluish hematoxylin on a sharp scanner with a neutral white.
  public static let deepViolet = ScannerLook(
    name: "deep-violet", hematoxylin: [0.68, 0.68, 0.28], eosin: [0.21, 0.90, 0.38],
    hematoxylinStrength: 1.05, eosinStrength: 1.0, white: [244, 244, 245], softness: 1.6)

  /// Weak, reddish stains on a slightly soft scanner with a warm white.
  public static let palePink = ScannerLook(
    name: "pale-pink", hematoxylin: [0.55, 0.74, 0.39], eosin: [0.12, 0.86, 0.49],
    hematoxylinStrength: 0.78, eosinStrength: 0.78, white: [239, 234, 233], softness: 2.6)
}

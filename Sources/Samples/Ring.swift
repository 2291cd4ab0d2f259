/// A gland, a solid nest or a vessel: an ellipse with a wall, in displaced coordinates.
struct Ring: Sendable {
  enum Kind: Sendable {
    /// Columnar cells around a lumen.
    case gland
    /// As a gland, with goblet cells.
    case mucinousGland
    /// Cells to the center.
    case nest
    /// A blood vessel; the ellipse is its lumen and the wall lies outside.
    case vessel
  }

  let kind: Kind
  /// The lattice cell it belongs to, which identifies it among rings of its lattice.
  let column: Int
  let row: Int
  let center: SIMD2<Float>
  /// Cosine and sine of the long axis.
  let turn: SIMD2<Float>
  /// Half axes in px.
  let axes: SIMD2<Float>
  /// Thickness of the epithelium or of the vessel's wall in px.
  let wall: Float
  /// Variation of stain between rings, about 0.85...1.15.
  let tint: Float

  /// How far displaced outlines can lie outside of the ellipse, wall included.
  static var reach: Float { 50 }

  /// Depth below the outline in px, negative outside; `point` is displaced.
  @inline(__always)
  func depth(_ point: SIMD2<Float>) -> Float {
    let away = point - center
    let x = (away.x * turn.x + away.y * turn.y) / axes.x
    let y = (away.y * turn.x - away.x * turn.y) / axes.y
    return (1 - (x * x + y * y).squareRoot()) * (axes.x + axes.y) * 0.5
  }

  /// The place at `depth` below the outline in the direction (`cosine`, `sine`), and the normal.
  func place(_ cosine: Float, _ sine: Float, depth: Float) -> (SIMD2<Float>, SIMD2<Float>) {
    let scale = 1 - depth / ((axes.x + axes.y) * 0.5)
    let frame = SIMD2(cosine, sine) * axes * scale
    let normal = SIMD2(cosine, sine) / axes
    let unit = normal / (normal * normal).sum().squareRoot()
    return (
      center + SIMD2(frame.x * turn.x - frame.y * turn.y, frame.x * turn.y + frame.y * turn.x),
      SIMD2(unit.x * turn.x - unit.y * turn.y, unit.x * turn.y + unit.y * turn.x)
    )
  }
}

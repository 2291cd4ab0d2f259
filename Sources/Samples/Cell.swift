/// A nucleus, a red blood cell or a drop of mucin: an ellipse with stain of its own.
struct Cell: Sendable {
  let center: SIMD2<Float>
  /// Coefficients of x², xy and y² of the form that is 1 on the outline.
  let form: SIMD3<Float>
  /// Half extents of the bounding box in px.
  let reach: SIMD2<Float>
  /// Mean radius in px.
  let radius: Float
  /// Density of hematoxylin and eosin inside.
  let hematoxylin: Float
  let eosin: Float
  /// Strength of the chromatin texture.
  let texture: Float
  /// How much denser the rim is than the center.
  let rim: Float
  /// How dark its nucleolus is, and where it lies in px from the center.
  let nucleolus: (strength: Float, place: SIMD2<Float>)
  /// Where the cell's texture begins in the texture tile.
  let offset: (x: Int, y: Int)

  /// Describes a cell with half axes `axes` whose long axis points along `direction`.
  init(
    center: SIMD2<Float>, axes: SIMD2<Float>, direction: SIMD2<Float>, hematoxylin: Float,
    eosin: Float, texture: Float, rim: Float, nucleolus: Float = 0, offset: Float
  ) {
    self.center = center
    let inverse = 1 / (axes * axes)
    let c = direction.x
    let s = direction.y
    form = [
      c * c * inverse.x + s * s * inverse.y, 2 * c * s * (inverse.x - inverse.y),
      s * s * inverse.x + c * c * inverse.y,
    ]
    let squares = axes * axes
    // The outline is perturbed by up to an eighth of the radius and blurred.
    reach =
      SIMD2(
        (c * c * squares.x + s * s * squares.y).squareRoot(),
        (s * s * squares.x + c * c * squares.y).squareRoot()) * 1.2 + 3
    radius = (axes.x * axes.y).squareRoot()
    self.hematoxylin = hematoxylin
    self.eosin = eosin
    self.texture = texture
    self.rim = rim
    let bits = Int(offset * 65536)
    self.offset = (bits & 255, (bits >> 8) & 255)
    let place = SIMD2(Float(bits & 15), Float((bits >> 4) & 15)) / 15 - 0.5
    self.nucleolus = (nucleolus, place * axes.min() * 0.9)
  }
}

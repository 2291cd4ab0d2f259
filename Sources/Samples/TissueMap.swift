/// What the section consists of at a point: slow fields on the scale of hundreds of µm.
struct TissueMap: Sendable {
  let outline: TissueOutline
  private let flow: LatticeNoise
  private let kind: LatticeNoise
  private let bend: LatticeNoise

  init(width: Int, height: Int, seed: UInt32, share: Double) {
    outline = TissueOutline(width: width, height: height, seed: seed, share: share)
    flow = LatticeNoise(seed: seed &+ 0x1000_0001)
    kind = LatticeNoise(seed: seed &+ 0x2000_0003)
    bend = LatticeNoise(seed: seed &+ 0x3000_0005)
  }

  /// How far glands reach: they grow where this is above 0.
  func glands(x: Float, y: Float) -> Float {
    kind.turned(x / 2100, y / 2100) + 0.45 * kind.turned(x / 700 + 91.3, y / 700 + 17.9) - 0.02
  }

  /// How dense lymphocytes lie, 0 in most places.
  func lymphocytes(x: Float, y: Float) -> Float {
    let field =
      kind.turned(x / 1500 + 311.7, y / 1500 + 73.1) + 0.5
      * kind.turned(x / 420 + 5.5, y / 420 + 51.2)
    return min(1, max(0, (field - 0.42) * 2.6))
  }

  /// Where adipocytes lie: above 0.
  func fat(x: Float, y: Float) -> Float {
    kind.turned(x / 2600 + 777.1, y / 2600 + 29.4) + 0.35 * kind.turned(x / 640 + 47, y / 640 + 83)
      - 0.42
  }

  /// Coordinates along and across the fibres of the stroma, in px.
  func fibres(x: Float, y: Float) -> (along: Float, across: Float) {
    let across =
      0.8 * y + 0.6 * x + 430 * flow.turned(x / 760, y / 760)
      + 80 * flow.turned(x / 230 + 40.2, y / 230 + 11.8) + 17 * flow(x / 66 + 7.7, y / 66 + 3.1)
    let along = 0.8 * x - 0.6 * y + 300 * flow(x / 690 + 61.7, y / 690 + 33.9)
    return (along, across)
  }

  /// The direction of the fibres, unit length.
  func fibreDirection(x: Float, y: Float) -> SIMD2<Float> {
    let here = fibres(x: x, y: y).across
    let gradient = SIMD2(fibres(x: x + 4, y: y).across - here, fibres(x: x, y: y + 4).across - here)
    let length = (gradient * gradient).sum().squareRoot()
    return length > 1e-3 ? SIMD2(-gradient.y, gradient.x) / length : [1, 0]
  }

  /// How loosely the stroma is packed, about -1...1.
  func looseness(x: Float, y: Float) -> Float {
    0.75 * kind(x / 1100 + 19.9, y / 1100 + 411.3) + 0.35 * kind(x / 330 + 1.9, y / 330 + 77.3)
  }

  /// Thickness of the section relative to its mean.
  func thickness(x: Float, y: Float) -> Float {
    1 + 0.13 * bend(x / 1700 + 3.3, y / 1700 + 8.8) + 0.07 * bend(x / 260 + 2.2, y / 260 + 4.1)
  }

  /// Displacement that makes the outlines of glands and vessels organic, in px.
  func displacement(x: Float, y: Float) -> SIMD2<Float> {
    SIMD2(
      30 * bend(x / 170 + 13.1, y / 170) + 10 * bend(x / 56 + 9.4, y / 56 + 2.6),
      30 * bend(x / 170, y / 170 + 57.7) + 10 * bend(x / 56 + 21.4, y / 56 + 6.6))
  }
}

import Foundation

/// How far two colors of CIE Lab are apart.
public enum ColorDifference {
  /// CIE76: the Euclidean distance.
  public static func cie76(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    let d = a - b
    return (d * d).sum().squareRoot()
  }

  /// CIEDE2000 with all weights 1, after Sharma, Wu and Dalal (2005), whose equation numbers these
  /// are.
  public static func ciede2000(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    let degree = Double.pi / 180
    // 2-7: chroma is stretched along a where it is small.
    let meanChroma = (hypot(a.y, a.z) + hypot(b.y, b.z)) / 2
    let stretch = 1 + 0.5 * (1 - Self.saturation(meanChroma))
    let (a1, a2) = (stretch * a.y, stretch * b.y)
    let (c1, c2) = (hypot(a1, a.z), hypot(a2, b.z))
    let (h1, h2) = (hue(a1, a.z), hue(a2, b.z))
    // 8-11
    let isGray = c1 * c2 == 0
    var turn = isGray ? 0 : h2 - h1
    if turn > .pi { turn -= 2 * .pi } else if turn < -.pi { turn += 2 * .pi }
    let lightness = b.x - a.x
    let chroma = c2 - c1
    let hueDifference = 2 * (c1 * c2).squareRoot() * sin(turn / 2)
    // 12-14
    let meanLightness = (a.x + b.x) / 2
    let mean = (c1 + c2) / 2
    var meanHue = h1 + h2
    if !isGray {
      if abs(h1 - h2) > .pi { meanHue += meanHue < 2 * .pi ? 2 * .pi : -2 * .pi }
      meanHue /= 2
    }
    // 15-21
    let t =
      1 - 0.17 * cos(meanHue - 30 * degree) + 0.24 * cos(2 * meanHue)
      + 0.32 * cos(3 * meanHue + 6 * degree) - 0.20 * cos(4 * meanHue - 63 * degree)
    let bend = (meanHue / degree - 275) / 25
    let rotation =
      -sin(60 * degree * exp(-bend * bend)) * 2 * Self.saturation(mean)
    let offset = (meanLightness - 50) * (meanLightness - 50)
    let sl = lightness / (1 + 0.015 * offset / (20 + offset).squareRoot())
    let sc = chroma / (1 + 0.045 * mean)
    let sh = hueDifference / (1 + 0.015 * mean * t)
    // 22
    return max(0, sl * sl + sc * sc + sh * sh + rotation * sc * sh).squareRoot()
  }

  /// √(C⁷ / (C⁷ + 25⁷)).
  private static func saturation(_ chroma: Double) -> Double {
    let square = chroma * chroma
    let seventh = square * square * square * chroma
    return (seventh / (seventh + 6_103_515_625)).squareRoot()
  }

  /// The angle from 0 to 2π.
  private static func hue(_ a: Double, _ b: Double) -> Double {
    guard a != 0 || b != 0 else { return 0 }
    let angle = atan2(b, a)
    return angle < 0 ? angle + 2 * .pi : angle
  }
}

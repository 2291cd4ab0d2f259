import TesseraPlugin

/// Areas of an image within polygons, in px of level 0.
///
/// A pixel is inside if its center is: of each polygon by the even-odd rule over its rings, so that the
/// inner rings are holes.
public struct PolygonRegions: Sendable, Hashable {
  /// A polygon: the outer ring first, then its holes; rings close by themselves.
  public struct Polygon: Sendable, Hashable {
    let rings: [[SIMD2<Double>]]
    let low: SIMD2<Double>
    let high: SIMD2<Double>

    /// Takes rings of at least three corners.
    public init(_ rings: [[SIMD2<Double>]]) {
      self.rings = rings
      let corners = rings.first ?? []
      low = corners.reduce(SIMD2(repeating: .infinity)) { pointwiseMin($0, $1) }
      high = corners.reduce(SIMD2(repeating: -.infinity)) { pointwiseMax($0, $1) }
    }
  }

  /// The polygons; what lies in any of them is inside.
  public let polygons: [Polygon]

  /// Takes polygons.
  public init(_ polygons: [Polygon]) { self.polygons = polygons }

  /// Which pixels of a region are inside, row by row; `step` px of level 0 make one, its center counts.
  func mask(of region: PixelRegion, step: Int = 1) -> [Bool] {
    let (width, height) = (region.width, region.height)
    var mask = [Bool](repeating: false, count: width * height)
    let side = Double(step)
    for polygon in polygons {
      let (top, bottom) = (Double(region.y) * side, Double(region.y + height) * side)
      guard polygon.low.y < bottom, polygon.high.y > top,
        polygon.low.x < Double(region.x + width) * side, polygon.high.x > Double(region.x) * side
      else { continue }
      let edges = polygon.edges(from: top, to: bottom)
      for row in 0..<height {
        let y = (Double(region.y + row) + 0.5) * side
        var crossings: [Double] = []
        for (a, b) in edges where (a.y <= y) != (b.y <= y) {
          crossings.append(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
        }
        crossings.sort()
        for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
          // Centers at (x + ½) step with crossing < center <= next.
          func column(_ x: Double) -> Int {
            let place = (x / side - 0.5).rounded(.down) + 1 - Double(region.x)
            return Int(saturating: max(0, min(Double(width), place)))
          }
          let columns = column(crossings[pair])..<column(crossings[pair + 1])
          for x in columns { mask[row * width + x] = true }
        }
      }
    }
    return mask
  }

  /// Whether any polygon comes near a region: false where none of its pixels can be inside.
  func mayTouch(_ region: PixelRegion) -> Bool {
    polygons.contains {
      $0.low.x < Double(region.x + region.width) && $0.high.x > Double(region.x)
        && $0.low.y < Double(region.y + region.height) && $0.high.y > Double(region.y)
    }
  }
}

extension PolygonRegions.Polygon {
  /// The edges that lie in a band of rows.
  fileprivate func edges(from top: Double, to bottom: Double) -> [(SIMD2<Double>, SIMD2<Double>)] {
    var edges: [(SIMD2<Double>, SIMD2<Double>)] = []
    for ring in rings {
      guard var last = ring.last else { continue }
      for corner in ring {
        if max(last.y, corner.y) >= top, min(last.y, corner.y) <= bottom {
          edges.append((last, corner))
        }
        last = corner
      }
    }
    return edges
  }
}

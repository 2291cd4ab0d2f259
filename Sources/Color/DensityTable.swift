/// The densities of the levels 0...255 of R, G and B in front of a glass.
package struct DensityTable: Sendable {
  /// The density of level v of channel c at 256 c + v.
  @usableFromInline let values: [Double]

  /// Tabulates a density; the glass has none.
  package init(_ density: OpticalDensity, glass: Glass = Glass()) {
    let table = density.table
    values = (0..<768).map { table[$0 % 256] + naturalLogarithm(glass.share[$0 / 256]) }
  }

  /// The density of a color.
  @inlinable @inline(__always)
  package func callAsFunction(_ r: UInt8, _ g: UInt8, _ b: UInt8) -> SIMD3<Double> {
    SIMD3(values[Int(r)], values[256 + Int(g)], values[512 + Int(b)])
  }

  /// Shows the density of each pixel of R, G, B samples.
  @inlinable @inline(__always)
  package func forEach(_ samples: [UInt8], _ body: (SIMD3<Double>) -> Void) {
    samples.withUnsafeBufferPointer { samples in
      values.withUnsafeBufferPointer { values in
        for offset in stride(from: 0, to: samples.count, by: 3) {
          body(
            SIMD3(
              values[Int(samples[offset])], values[256 + Int(samples[offset + 1])],
              values[512 + Int(samples[offset + 2])]))
        }
      }
    }
  }

  /// A number for the density of each pixel of R, G, B samples.
  @inlinable @inline(__always)
  package func map(_ samples: [UInt8], _ body: (SIMD3<Double>) -> Double) -> [Double] {
    [Double](unsafeUninitializedCapacity: samples.count / 3) { numbers, count in
      forEach(samples) {
        numbers[count] = body($0)
        count += 1
      }
    }
  }
}

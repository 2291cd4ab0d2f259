// Elementary functions of eight numbers at a time, without branches, library calls or gathers, so
// that they compile to the vector instructions of any processor.

typealias Vector = SIMD8<Float>

/// The logarithm to base 2 of positive normal numbers; the relative error is below 2e-7.
@inline(__always)
func log2(_ x: Vector) -> Vector {
  let bits = unsafeBitCast(x, to: SIMD8<Int32>.self)
  // Split x = 2^e m with m from √½ to √2, where the polynomial is good.
  let shifted = bits &- SIMD8<Int32>(repeating: 0x3F35_04F3)
  let exponent = shifted &>> 23
  let f = unsafeBitCast(bits &- (exponent &<< 23), to: Vector.self) - 1
  var p = Vector(repeating: 0.1258370130367477)
  p = p * f - 0.20726974316383248
  p = p * f + 0.21571560677023718
  p = p * f - 0.23894482177222884
  p = p * f + 0.28791624808583993
  p = p * f - 0.360703682801625
  p = p * f + 0.4809106429449103
  p = p * f - 0.7213473468032447
  p = p * f + 1.4426950036524193
  return p * f + float(exponent)
}

/// 2 to the power of numbers from -125 to 125 (others are brought into that range); the relative
/// error is below 3e-7.
@inline(__always)
func exp2(_ x: Vector) -> Vector {
  let y = clamp(x, -125, 125)
  let whole = (y + 0x1.8p23) - 0x1.8p23
  let f = y - whole
  var p = Vector(repeating: 0.0013398874414234)
  p = p + 0.00015353361914997263 * f
  p = p * f + 0.009618437357652094
  p = p * f + 0.05550332471125656
  p = p * f + 0.24022647913628956
  p = p * f + 0.6931472028550671
  let scale = unsafeBitCast(y + 0x1.8p23, to: SIMD8<Int32>.self) &- 0x4B40_0000
  return (p * f + 1)
    * unsafeBitCast((scale &+ 127) &<< 23, to: Vector.self)
}

/// `x` brought into the range; NaN becomes `low`.
@inline(__always)
func clamp(_ x: Vector, _ low: Float, _ high: Float) -> Vector {
  let limited = Vector(repeating: low).replacing(with: x, where: x .>= low)
  return limited.replacing(with: high, where: limited .> high)
}

/// Whole numbers of a magnitude below 2^22 as floating point.
@inline(__always)
private func float(_ x: SIMD8<Int32>) -> Vector {
  unsafeBitCast(x &+ 0x4B40_0000, to: Vector.self) - 0x1.8p23
}

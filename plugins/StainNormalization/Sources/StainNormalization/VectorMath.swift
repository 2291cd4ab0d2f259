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

/// The fourth root of positive normal numbers; the relative error is below 6e-7.
///
/// A guess from the halved bits of the exponent is good to 3 %; a step of third and one of second
/// order refine y = x^(-1/4), and x^(1/4) = x y³. The square root of the standard library would call
/// the C library a lane at a time.
@inline(__always)
func fourthRoot(_ x: Vector) -> Vector {
  let guess = 0x4F58_4000 &- (unsafeBitCast(x, to: SIMD8<Int32>.self) &>> 2)
  var y = unsafeBitCast(guess, to: Vector.self)
  var square = y * y
  let d = 1 - x * (square * square)
  y = y * (1 + d * (0.25 + 0.15625 * d))
  square = y * y
  y = y * (1.25 - (0.25 * x) * (square * square))
  return x * y * y * y
}

/// The cube root of numbers from 0.0085 to 1.1 (others are brought into that range); the error is
/// below 5e-7.
///
/// With t = x^(1/4) it is t^(4/3), which a polynomial follows well.
@inline(__always)
func cubeRoot(_ x: Vector) -> Vector {
  let t = fourthRoot(clamp(x, 0.0085, 1.1))
  var p = Vector(repeating: -0.070349350917879)
  p = p * t + 0.3887573260377754
  p = p * t - 0.9436530973912333
  p = p * t + 1.3425993473489697
  p = p * t - 1.300847732956385
  p = p * t + 1.1513442085531882
  p = p * t + 0.4409542901809945
  return p * t - 0.008804819953714245
}

/// The 2.4th root of numbers from 0.0031 to 1 (others are brought into that range); the error is
/// below 6e-7.
///
/// With t = x^(1/4) it is t^(5/3).
@inline(__always)
func gammaRoot(_ x: Vector) -> Vector {
  let t = fourthRoot(clamp(x, 0.0031, 1))
  var p = Vector(repeating: -0.07253011449563702)
  p = p * t + 0.37544520941391846
  p = p * t - 0.854015826770824
  p = p * t + 1.1485626092015
  p = p * t - 1.0970615497677445
  p = p * t + 1.3858127745838564
  p = p * t + 0.11704709979090533
  return p * t - 0.003260510991967446
}

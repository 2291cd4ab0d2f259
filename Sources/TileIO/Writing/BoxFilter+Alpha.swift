import TesseraPlugin

// A transparent pixel's color means nothing, so it must not bleed into what is visible: colors are
// weighted by alpha. Where nothing is visible the result is zero, as in libvips; unlike there the
// quotient is rounded, so that an opaque image shrinks as the same image without alpha does.
extension BoxFilter {
  static func shrinkWithAlpha(
    into out: UnsafeMutableRawPointer, upper: UnsafeRawPointer, lower: UnsafeRawPointer, width: Int,
    channels: Int, right: Int, format: SampleFormat
  ) {
    switch format {
    case .uint8:
      shrinkIntegersWithAlpha(
        into: out.assumingMemoryBound(to: UInt8.self), upper: upper.bound(), lower: lower.bound(),
        width: width, channels: channels, right: right)
    case .uint16:
      shrinkIntegersWithAlpha(
        into: out.assumingMemoryBound(to: UInt16.self), upper: upper.bound(), lower: lower.bound(),
        width: width, channels: channels, right: right)
    case .float32:
      shrinkFloatsWithAlpha(
        into: out.assumingMemoryBound(to: Float.self), upper: upper.bound(), lower: lower.bound(),
        width: width, channels: channels, right: right)
    }
  }

  @inline(__always)
  private static func shrinkIntegersWithAlpha<S: FixedWidthInteger & UnsignedInteger>(
    into out: UnsafeMutablePointer<S>, upper: UnsafePointer<S>, lower: UnsafePointer<S>,
    width: Int, channels: Int, right: Int
  ) {
    for column in 0..<width {
      let first = 2 * column * channels
      let alpha = first + channels - 1
      let weights = (
        UInt64(upper[alpha]), UInt64(upper[alpha &+ right]), UInt64(lower[alpha]),
        UInt64(lower[alpha &+ right])
      )
      let total = weights.0 &+ weights.1 &+ weights.2 &+ weights.3
      let target = column * channels
      for channel in 0..<(channels - 1) {
        let a = first + channel
        let sum =
          weights.0 &* UInt64(upper[a]) &+ weights.1 &* UInt64(upper[a &+ right])
          &+ weights.2 &* UInt64(lower[a]) &+ weights.3 &* UInt64(lower[a &+ right])
        out[target + channel] =
          total == 0 ? 0 : S(truncatingIfNeeded: (2 &* sum &+ total) / (2 &* total))
      }
      out[target + channels - 1] = S(truncatingIfNeeded: (total &+ 2) >> 2)
    }
  }

  private static func shrinkFloatsWithAlpha(
    into out: UnsafeMutablePointer<Float>, upper: UnsafePointer<Float>,
    lower: UnsafePointer<Float>, width: Int, channels: Int, right: Int
  ) {
    for column in 0..<width {
      let first = 2 * column * channels
      let alpha = first + channels - 1
      let weights = (
        Double(upper[alpha]), Double(upper[alpha &+ right]), Double(lower[alpha]),
        Double(lower[alpha &+ right])
      )
      let total = weights.0 + weights.1 + weights.2 + weights.3
      let target = column * channels
      for channel in 0..<(channels - 1) {
        let a = first + channel
        let sum =
          weights.0 * Double(upper[a]) + weights.1 * Double(upper[a &+ right])
          + weights.2 * Double(lower[a]) + weights.3 * Double(lower[a &+ right])
        out[target + channel] = total == 0 ? 0 : Float(sum / total)
      }
      out[target + channels - 1] = Float(total / 4)
    }
  }
}

import TesseraPlugin

/// Halves an image: every pixel is the mean of a 2x2 square, rounded half up for integers.
enum BoxFilter {
  /// Rows of interleaved samples in memory.
  struct Rows {
    let base: UnsafeRawPointer
    let bytesPerRow: Int
    let width: Int
    let height: Int
  }

  /// Writes `width` x `height` pixels from the rows twice as wide and high at `source`.
  ///
  /// A source of one column or one row counts it twice; other odd ends are left out. With alpha
  /// as the last channel the colors are weighted by it.
  static func shrink(
    into target: UnsafeMutableRawPointer, bytesPerRow: Int, width: Int, height: Int,
    from source: Rows, channels: Int, hasAlpha: Bool, format: SampleFormat
  ) {
    let isRGB8 = format == .uint8 && channels == 3 && source.width > 1
    let right = source.width > 1 ? channels : 0
    let below = source.height > 1 ? source.bytesPerRow : 0
    for row in 0..<height {
      let upper = source.base + 2 * row * source.bytesPerRow
      let lower = upper + below
      let out = target + row * bytesPerRow
      if isRGB8 {
        shrinkRGB8(into: out, upper: upper, lower: lower, width: width)
        continue
      }
      if hasAlpha {
        shrinkWithAlpha(
          into: out, upper: upper, lower: lower, width: width, channels: channels, right: right,
          format: format)
        continue
      }
      switch format {
      case .uint8:
        shrinkIntegers(
          into: out.assumingMemoryBound(to: UInt8.self), upper: upper.bound(), lower: lower.bound(),
          width: width, channels: channels, right: right)
      case .uint16:
        shrinkIntegers(
          into: out.assumingMemoryBound(to: UInt16.self), upper: upper.bound(),
          lower: lower.bound(), width: width, channels: channels, right: right)
      case .float32:
        shrinkFloats(
          into: out.assumingMemoryBound(to: Float.self), upper: upper.bound(), lower: lower.bound(),
          width: width, channels: channels, right: right)
      }
    }
  }

  /// Writes the first pixel of every 2x2 square instead of a mean, which labels have none of; as
  /// `nearest` of libvips.
  static func thin(
    into target: UnsafeMutableRawPointer, bytesPerRow: Int, width: Int, height: Int,
    from source: Rows, bytesPerPixel: Int
  ) {
    for row in 0..<height {
      let (out, line) = (target + row * bytesPerRow, source.base + 2 * row * source.bytesPerRow)
      if bytesPerPixel == 1 {
        let (bytes, labels) = (
          out.assumingMemoryBound(to: UInt8.self), line.bound() as UnsafePointer<UInt8>
        )
        for column in 0..<width { bytes[column] = labels[2 * column] }
        continue
      }
      for column in 0..<width {
        (out + column * bytesPerPixel).copyMemory(
          from: line + 2 * column * bytesPerPixel, byteCount: bytesPerPixel)
      }
    }
  }

  // Six bytes R0 G0 B0 R1 G1 B1 in one word: the even bytes are R0 B0 G1, the odd ones G0 R1 B1, as
  // 16-bit lanes that hold sums of four bytes.
  private static func shrinkRGB8(
    into out: UnsafeMutableRawPointer, upper: UnsafeRawPointer, lower: UnsafeRawPointer, width: Int
  ) {
    let lanes: UInt64 = 0x00FF_00FF_00FF_00FF
    // The last pixel is left to the loop below: a word reads two and writes one byte too many.
    let fast = max(0, width - 1)
    for column in 0..<fast {
      let a = upper.loadUnaligned(fromByteOffset: 6 * column, as: UInt64.self)
      let b = lower.loadUnaligned(fromByteOffset: 6 * column, as: UInt64.self)
      let even = (a & lanes) &+ (b & lanes)
      let odd = ((a >> 8) & lanes) &+ ((b >> 8) & lanes)
      let redBlue = ((even &+ (odd >> 16) &+ 0x0002_0002) >> 2) & 0x00FF_00FF
      let green = ((odd &+ (even >> 32) &+ 2) >> 2) & 0xFF
      out.storeBytes(
        of: UInt32(truncatingIfNeeded: redBlue | green << 8), toByteOffset: 3 * column,
        as: UInt32.self)
    }
    let done = fast
    shrinkIntegers(
      into: (out + 3 * done).assumingMemoryBound(to: UInt8.self), upper: (upper + 6 * done).bound(),
      lower: (lower + 6 * done).bound(), width: width - done, channels: 3, right: 3)
  }

  @inline(__always)
  private static func shrinkIntegers<S: FixedWidthInteger & UnsignedInteger>(
    into out: UnsafeMutablePointer<S>, upper: UnsafePointer<S>, lower: UnsafePointer<S>,
    width: Int, channels: Int, right: Int
  ) {
    for column in 0..<width {
      let start = 2 * column * channels
      for channel in 0..<channels {
        let a = start + channel
        let sum =
          UInt32(truncatingIfNeeded: upper[a]) &+ UInt32(truncatingIfNeeded: upper[a &+ right])
          &+ UInt32(truncatingIfNeeded: lower[a]) &+ UInt32(truncatingIfNeeded: lower[a &+ right])
        out[column * channels + channel] = S(truncatingIfNeeded: (sum &+ 2) >> 2)
      }
    }
  }

  private static func shrinkFloats(
    into out: UnsafeMutablePointer<Float>, upper: UnsafePointer<Float>,
    lower: UnsafePointer<Float>, width: Int, channels: Int, right: Int
  ) {
    for column in 0..<width {
      let start = 2 * column * channels
      for channel in 0..<channels {
        let a = start + channel
        // In this order and precision, as libvips sums.
        let sum = upper[a] + upper[a &+ right] + lower[a] + lower[a &+ right]
        out[column * channels + channel] = sum / 4
      }
    }
  }
}

extension UnsafeRawPointer {
  /// The pointer as one to samples, whatever their type.
  @inline(__always)
  func bound<S>() -> UnsafePointer<S> { assumingMemoryBound(to: S.self) }
}

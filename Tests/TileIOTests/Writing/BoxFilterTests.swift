import TesseraPlugin
import Testing

@testable import TileIO

@Suite struct BoxFilterTests {
  // The definition, pixel by pixel: the reference for the kernels.
  private static func naive(
    _ pixels: [Double], width: Int, height: Int, channels: Int, hasAlpha: Bool
  ) -> [Double] {
    var result: [Double] = []
    for y in 0..<max(1, height / 2) {
      for x in 0..<max(1, width / 2) {
        let square = [(0, 0), (1, 0), (0, 1), (1, 1)].map { dx, dy in
          (min(height - 1, 2 * y + dy) * width + min(width - 1, 2 * x + dx)) * channels
        }
        let weights = square.map { hasAlpha ? pixels[$0 + channels - 1] : 1 }
        let total = weights.reduce(0, +)
        for channel in 0..<channels {
          if hasAlpha && channel == channels - 1 {
            result.append(total / 4)
          } else {
            let sum = zip(square, weights).reduce(0) { $0 + pixels[$1.0 + channel] * $1.1 }
            result.append(total == 0 ? 0 : sum / total)
          }
        }
      }
    }
    return result
  }

  private func check<S: Sample & Numeric>(
    _ type: S.Type, width: Int, height: Int, channels: Int, hasAlpha: Bool,
    from make: (UInt32) -> S, value: (S) -> Double, tolerance: Double
  ) {
    var state: UInt32 = 7
    let pixels = (0..<(width * height * channels)).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      // Zeros and full values are where sums overflow and weights vanish.
      return make(state >> 29 == 0 ? 0 : state >> 29 == 1 ? .max : state)
    }
    let (outWidth, outHeight) = (max(1, width / 2), max(1, height / 2))
    // A guard behind every row shows whether a kernel writes too far.
    let stride = outWidth * channels + 5
    var out = [S](repeating: make(0xABCD_EF12), count: stride * outHeight)
    let guardValue = out[0]
    out.withUnsafeMutableBytes { target in
      pixels.withUnsafeBytes { source in
        guard let to = target.baseAddress, let from = source.baseAddress else { return }
        BoxFilter.shrink(
          into: to, bytesPerRow: stride * S.sampleFormat.bytes, width: outWidth, height: outHeight,
          from: BoxFilter.Rows(
            base: from, bytesPerRow: width * channels * S.sampleFormat.bytes, width: width,
            height: height),
          channels: channels, hasAlpha: hasAlpha, format: S.sampleFormat)
      }
    }
    let expected = Self.naive(
      pixels.map(value), width: width, height: height, channels: channels, hasAlpha: hasAlpha)
    for row in 0..<outHeight {
      let found = out[(row * stride)..<((row + 1) * stride)]
      let reference = expected[(row * outWidth * channels)..<((row + 1) * outWidth * channels)]
      let worst = zip(found, reference).map { abs(value($0) - $1) }.max() ?? 0
      #expect(worst <= tolerance, "\(width)x\(height)x\(channels), row \(row)")
      #expect(found.suffix(5).allSatisfy { $0 == guardValue })
    }
  }

  @Test(arguments: [(1, 1), (1, 9), (9, 1), (2, 2), (3, 3), (31, 5), (64, 8), (101, 7)])
  func `every kernel gives the mean of four pixels`(width: Int, height: Int) {
    for (channels, hasAlpha) in [
      (1, false), (2, true), (3, false), (4, true), (4, false), (6, false),
    ] {
      check(
        UInt8.self, width: width, height: height, channels: channels, hasAlpha: hasAlpha,
        from: { UInt8(truncatingIfNeeded: $0 >> 24) }, value: { Double($0) }, tolerance: 0.5)
      check(
        UInt16.self, width: width, height: height, channels: channels, hasAlpha: hasAlpha,
        from: { UInt16(truncatingIfNeeded: $0 >> 16) }, value: { Double($0) }, tolerance: 0.5)
      check(
        Float.self, width: width, height: height, channels: channels, hasAlpha: hasAlpha,
        from: { Float($0 >> 8) / 16_777_216 }, value: { Double($0) }, tolerance: 1e-6)
    }
  }
}

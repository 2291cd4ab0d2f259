/// Shifts and stretches the channels of 8-bit Lab, itself rounded down to 8 bits, as tiatoolbox and
/// StainTools do through OpenCV.
///
/// Samples of other depths are rounded to 8 bits first: the method knows no more.
struct ByteLabKernel: PixelKernel {
  private let encoder = ByteLab()
  private let decoder = LabDecoder(.openCV)
  // What becomes of each byte of L, a and b: (L + 16) / 116, a / 500, b / 200.
  private let tables: [Float]

  init(from source: LabFit, to target: LabFit) {
    let unit = SIMD3(2.55, 1, 1)
    let origin = SIMD3(0.0, 128, 128)
    tables = (0..<768).map { index in
      let channel = index / 256
      let value = (Double(index % 256) - origin[channel]) / unit[channel]
      let scale = target.deviations[channel] / source.deviations[channel]
      let moved = (value - source.means[channel]) * scale + target.means[channel]
      let byte = max(0, min(255, moved * unit[channel] + origin[channel])).rounded(.down)
      let back = (byte - origin[channel]) / unit[channel]
      return Float([(back + 16) / 116, back / 500, back / 200][channel])
    }
  }

  @inline(__always)
  func decode(_ level: Vector) -> Vector { (clamp(level, 0, 255) + 0x1.8p23) - 0x1.8p23 }

  @inline(__always)
  func mix(_ red: inout Vector, _ green: inout Vector, _ blue: inout Vector) {
    var (x, y, z) = (Vector(), Vector(), Vector())
    for lane in 0..<8 {
      let (l, a, b) = encoder.bytes(byte(red[lane]), byte(green[lane]), byte(blue[lane]))
      let light = tables[Int(l)]
      y[lane] = light
      x[lane] = light + tables[256 + Int(a)]
      z[lane] = light - tables[512 + Int(b)]
    }
    (red, green, blue) = decoder.levels(x, y, z)
  }

  /// A whole number from 0 to 255.
  @inline(__always)
  private func byte(_ level: Float) -> UInt8 {
    UInt8(truncatingIfNeeded: (level + 0x1.8p23).bitPattern)
  }
}

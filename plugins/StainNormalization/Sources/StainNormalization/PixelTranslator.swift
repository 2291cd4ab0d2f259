import TesseraPlugin

/// Applies a kernel to pixels of any depth.
///
/// Blocks of eight pixels are spread into one vector a channel; the last block of a row is filled
/// up with black. A pixel's result depends on that pixel alone. A float pixel with a NaN keeps its
/// samples.
struct PixelTranslator<Kernel: PixelKernel>: TileTranslator {
  let footprint = Footprint.pixel
  private let kernel: Kernel
  private let bias: Float
  /// What the kernel decodes each 8-bit level to.
  private let decoded: [Float]

  init(_ kernel: Kernel, rounding: Rounding) {
    self.kernel = kernel
    bias = rounding.bias
    decoded = (0..<256).map { kernel.decode(Vector(repeating: Float($0)))[0] }
  }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    switch core.format {
    case .uint8: translate(window, into: &core, as: UInt8.self)
    case .uint16: translate(window, into: &core, as: UInt16.self)
    case .float32: translate(window, into: &core, as: Float.self)
    }
  }

  @inline(__always)
  private func translate<Level: StainSample>(
    _ window: borrowing Tile, into core: inout Tile, as _: Level.Type
  ) {
    let columns = core.region.columns
    for row in core.region.rows {
      window.withRow(row, columns: columns, as: Level.self) { source in
        core.withMutableRow(row, columns: columns, as: Level.self) { target in
          source.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
              decoded.withUnsafeBufferPointer { decoded in
                guard let source = source.baseAddress, let target = target.baseAddress,
                  let decoded = decoded.baseAddress
                else { return }
                translate(source, into: target, pixels: columns.count, decoded: decoded)
              }
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func translate<Level: StainSample>(
    _ source: UnsafePointer<Level>, into target: UnsafeMutablePointer<Level>, pixels: Int,
    decoded: UnsafePointer<Float>
  ) {
    var start = 0
    while start < pixels {
      let count = min(8, pixels &- start)
      var (red, green, blue) = (Vector(), Vector(), Vector())
      let first = 3 &* start
      for lane in 0..<count {
        let offset = first &+ 3 &* lane
        red[lane] = Level.load(source[offset], decoded)
        green[lane] = Level.load(source[offset &+ 1], decoded)
        blue[lane] = Level.load(source[offset &+ 2], decoded)
      }
      if !Level.isDecodedByTable {
        red = kernel.decode(red)
        green = kernel.decode(green)
        blue = kernel.decode(blue)
      }
      kernel.mix(&red, &green, &blue)
      let (r, g, b) = (
        Level.store(red, bias), Level.store(green, bias), Level.store(blue, bias)
      )
      for lane in 0..<count {
        let offset = first &+ 3 &* lane
        if Level.isMissing(source[offset], source[offset &+ 1], source[offset &+ 2]) {
          for channel in 0..<3 { target[offset &+ channel] = source[offset &+ channel] }
          continue
        }
        target[offset] = Level.sample(r, lane)
        target[offset &+ 1] = Level.sample(g, lane)
        target[offset &+ 2] = Level.sample(b, lane)
      }
      start &+= 8
    }
  }
}

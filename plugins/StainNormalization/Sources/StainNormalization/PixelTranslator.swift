import TesseraPlugin

/// Applies a kernel to pixels of any depth.
///
/// A row is taken in blocks of 256 pixels, spread into one plane a channel, computed eight pixels at
/// a time and put together again. A pixel's result depends on that pixel alone. A float pixel with a
/// NaN keeps its samples.
struct PixelTranslator: TileTranslator {
  /// The kernels there are: a type parameter instead would leave the loops unspecialised behind the
  /// protocol, and two to four times slower.
  enum Kernel: Sendable {
    /// A linear map of densities.
    case density(DensityKernel)
    /// Penalised unmixing.
    case sparse(SparseDensityKernel)
    /// A map of Lab channels.
    case lab(LabKernel)
    /// A map of Lab bytes.
    case byteLab(ByteLabKernel)

    /// The kernel itself.
    var base: any PixelKernel {
      switch self {
      case .density(let kernel): kernel
      case .sparse(let kernel): kernel
      case .lab(let kernel): kernel
      case .byteLab(let kernel): kernel
      }
    }
  }

  let footprint = Footprint.pixel
  private let kernel: Kernel
  private let bias: Float
  /// What the kernel decodes each 8-bit level to.
  private let decoded: [Float]
  /// What becomes of 8-bit colors, for images large enough.
  private let table: ColorTable?

  /// Pixels in a block: three planes of 1 KB stay in the fastest cache.
  private let block = 256

  /// Prepares for an image of so many pixels.
  init(_ kernel: Kernel, rounding: Rounding, pixels: Int = 0, format: SampleFormat = .uint8) {
    self.kernel = kernel
    bias = rounding.bias
    let base = kernel.base
    decoded = (0..<256).map { base.decode(Vector(repeating: Float($0)))[0] }
    table =
      format == .uint8 && pixels >= ColorTable.minimumPixels
      ? ColorTable(kernel, decoded: decoded, bias: bias) : nil
  }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    if let table, core.format == .uint8 { return translate(window, into: &core, by: table) }
    switch kernel {
    case .density(let kernel): translate(window, into: &core, by: kernel)
    case .sparse(let kernel): translate(window, into: &core, by: kernel)
    case .lab(let kernel): translate(window, into: &core, by: kernel)
    case .byteLab(let kernel): translate(window, into: &core, by: kernel)
    }
  }

  private func translate(
    _ window: borrowing Tile, into core: inout Tile, by table: ColorTable
  ) {
    let columns = core.region.columns
    for row in core.region.rows {
      window.withRow(row, columns: columns, as: UInt8.self) { source in
        core.withMutableRow(row, columns: columns, as: UInt8.self) { target in
          source.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
              guard let source = source.baseAddress, let target = target.baseAddress else { return }
              table.map(source, into: target, pixels: columns.count)
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func translate(
    _ window: borrowing Tile, into core: inout Tile, by kernel: some PixelKernel
  ) {
    switch core.format {
    case .uint8: translate(window, into: &core, by: kernel, as: UInt8.self)
    case .uint16: translate(window, into: &core, by: kernel, as: UInt16.self)
    case .float32: translate(window, into: &core, by: kernel, as: Float.self)
    }
  }

  @inline(__always)
  private func translate<Level: StainSample>(
    _ window: borrowing Tile, into core: inout Tile, by kernel: some PixelKernel,
    as _: Level.Type
  ) {
    let columns = core.region.columns
    withUnsafeTemporaryAllocation(of: Vector.self, capacity: 3 * block / 8) { planes in
      guard let planes = planes.baseAddress else { return }
      planes.initialize(repeating: Vector(), count: 3 * block / 8)
      for row in core.region.rows {
        window.withRow(row, columns: columns, as: Level.self) { source in
          core.withMutableRow(row, columns: columns, as: Level.self) { target in
            source.withUnsafeBufferPointer { source in
              target.withUnsafeMutableBufferPointer { target in
                decoded.withUnsafeBufferPointer { decoded in
                  guard let source = source.baseAddress, let target = target.baseAddress,
                    let decoded = decoded.baseAddress
                  else { return }
                  var start = 0
                  while start < columns.count {
                    let count = min(block, columns.count &- start)
                    translate(
                      source + 3 * start, into: target + 3 * start, pixels: count, planes: planes,
                      decoded: decoded, by: kernel)
                    start &+= count
                  }
                }
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
    planes: UnsafeMutablePointer<Vector>, decoded: UnsafePointer<Float>,
    by kernel: some PixelKernel
  ) {
    let (reds, greens, blues) = (planes, planes + block / 8, planes + block / 4)
    let red = UnsafeMutableRawPointer(reds).assumingMemoryBound(to: Float.self)
    let green = UnsafeMutableRawPointer(greens).assumingMemoryBound(to: Float.self)
    let blue = UnsafeMutableRawPointer(blues).assumingMemoryBound(to: Float.self)
    var offset = 0
    for index in 0..<pixels {
      red[index] = Level.load(source[offset], decoded)
      green[index] = Level.load(source[offset &+ 1], decoded)
      blue[index] = Level.load(source[offset &+ 2], decoded)
      offset &+= 3
    }
    // The lanes beyond the last pixel hold what was there before; nobody reads their results.
    for index in 0..<(pixels &+ 7) / 8 {
      var (r, g, b) = (reds[index], greens[index], blues[index])
      if !Level.isDecodedByTable {
        r = kernel.decode(r)
        g = kernel.decode(g)
        b = kernel.decode(b)
      }
      kernel.mix(&r, &g, &b)
      reds[index] = Level.store(r, bias)
      greens[index] = Level.store(g, bias)
      blues[index] = Level.store(b, bias)
    }
    offset = 0
    for index in 0..<pixels {
      if !Level.isMissing(source[offset], source[offset &+ 1], source[offset &+ 2]) {
        target[offset] = Level.sample(red[index])
        target[offset &+ 1] = Level.sample(green[index])
        target[offset &+ 2] = Level.sample(blue[index])
      } else {
        for channel in 0..<3 { target[offset &+ channel] = source[offset &+ channel] }
      }
      offset &+= 3
    }
  }
}

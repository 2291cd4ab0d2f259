import Synchronization
import TesseraPlugin

/// What a kernel makes of each 8-bit color, computed for 16 x 16 x 16 of them when one is met first.
///
/// The colors of a slide lie close together: a few hundred of the 4096 blocks hold them all, 16 KB each.
/// One core of an AMD Zen 4 maps 45 MP/s by the kernel of Lab, and ten times as many by its table. On
/// a small picture most of a block would be computed in vain.
final class ColorTable: @unchecked Sendable {
  // Sendable: an entry is written by atomic stores of one and the same value, whoever computes it,
  // and read by atomic loads; zero is none yet.

  /// The fewest pixels that pay for the blocks.
  static let minimumPixels = 1 << 22

  private let entries: UnsafeMutablePointer<Atomic<UInt32>>
  /// The place of a level of R, G and B, one table after the other: blocks of 4096 neighbors.
  private let places: [UInt32]
  private let kernel: PixelTranslator.Kernel
  private let decoded: [Float]
  private let bias: Float

  private static let count = 1 << 24
  /// Marks an entry that has been computed.
  private static let mark: UInt32 = 1 << 24

  init(_ kernel: PixelTranslator.Kernel, decoded: [Float], bias: Float) {
    self.kernel = kernel
    self.decoded = decoded
    self.bias = bias
    places = (0..<768).map { index in
      let (channel, level) = (UInt32(2 - index / 256), UInt32(index % 256))
      return (level >> 4) << (12 + 4 * channel) | (level & 15) << (4 * channel)
    }
    entries = .allocate(capacity: Self.count)
    for index in 0..<Self.count { (entries + index).initialize(to: Atomic(0)) }
  }

  deinit { entries.deallocate() }

  /// Maps pixels of R, G and B.
  func map(_ source: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<UInt8>, pixels: Int) {
    let output = UnsafeMutableRawPointer(target)
    places.withUnsafeBufferPointer { places in
      guard let red = places.baseAddress else { return }
      let (green, blue) = (red + 256, red + 512)
      @inline(__always)
      func color(_ offset: Int) -> UInt32 {
        let place = Int(
          red[Int(source[offset])] | green[Int(source[offset &+ 1])]
            | blue[Int(source[offset &+ 2])])
        let known = entries[place].load(ordering: .relaxed)
        return known != 0 ? known : compute(place)
      }
      var offset = 0
      let last = 3 * (pixels - 1)
      // Four bytes at a time: the next pixel overwrites the fourth.
      while offset < last {
        output.storeBytes(of: color(offset), toByteOffset: offset, as: UInt32.self)
        offset &+= 3
      }
      guard pixels > 0 else { return }
      let value = color(last)
      for channel in 0..<3 {
        target[last + channel] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(channel)))
      }
    }
  }

  /// Computes the block of a place, and returns its entry.
  @inline(never)
  private func compute(_ place: Int) -> UInt32 {
    let first = place & ~4095
    let corner = (place >> 20 & 15, place >> 16 & 15, place >> 12 & 15)
    switch kernel {
    case .density(let kernel): compute(first, corner, by: kernel)
    case .sparse(let kernel): compute(first, corner, by: kernel)
    case .lab(let kernel): compute(first, corner, by: kernel)
    case .byteLab(let kernel): compute(first, corner, by: kernel)
    }
    return entries[place].load(ordering: .relaxed)
  }

  @inline(__always)
  private func compute(_ first: Int, _ corner: (Int, Int, Int), by kernel: some PixelKernel) {
    for group in stride(from: 0, to: 4096, by: 8) {
      var (r, g, b) = (Vector(), Vector(), Vector())
      for lane in 0..<8 {
        let color = group + lane
        r[lane] = decoded[corner.0 << 4 | color >> 8]
        g[lane] = decoded[corner.1 << 4 | color >> 4 & 15]
        b[lane] = decoded[corner.2 << 4 | color & 15]
      }
      kernel.mix(&r, &g, &b)
      (r, g, b) = (UInt8.store(r, bias), UInt8.store(g, bias), UInt8.store(b, bias))
      for lane in 0..<8 {
        let levels = (UInt8.sample(r[lane]), UInt8.sample(g[lane]), UInt8.sample(b[lane]))
        entries[first + group + lane].store(
          UInt32(levels.0) | UInt32(levels.1) << 8 | UInt32(levels.2) << 16 | Self.mark,
          ordering: .relaxed)
      }
    }
  }
}

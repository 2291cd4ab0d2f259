import TesseraPlugin

/// How one axis of an image is cut into cores and the windows around them.
///
/// All windows have the same length and begin at multiples of the alignment. At a border of the
/// image a window is moved inside, never padded, so that whatever a translator does at its own
/// edges happens at the image's edges only. A length that is no multiple of the alignment is
/// continued up to one at its far end. No window is shorter than `minimum` where the image is not.
package struct AxisPlan: Sendable {
  package struct Piece: Sendable, Hashable {
    /// Pixels of the image whose translation is kept.
    package let core: Range<Int>
    /// Pixels that are read; may reach beyond the image up to the alignment.
    package let window: Range<Int>
  }

  package let pieces: [Piece]
  /// The length, continued to a multiple of the alignment.
  let paddedLength: Int

  /// Cuts `length` px; with `offset` the first core is that long, and the lattice begins behind it.
  package init(
    length: Int, core: Int, halo: Int, alignment: Int = 1, minimum: Int = 1, offset: Int = 0
  ) {
    precondition(
      length > 0 && core > 0 && halo >= 0 && alignment > 0 && minimum > 0 && offset >= 0,
      "length \(length), core \(core), halo \(halo), alignment \(alignment), offset \(offset)")
    func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
    let (padded, core, halo, offset) = (
      aligned(length), aligned(core), aligned(halo), aligned(offset)
    )
    let windowLength = min(padded, max(core + 2 * halo, aligned(minimum)))
    var starts = Array(stride(from: offset, to: length, by: core))
    if starts.first != 0 { starts.insert(0, at: 0) }
    pieces = starts.indices.map { index in
      let start = starts[index]
      let end = index + 1 < starts.count ? starts[index + 1] : length
      let windowStart = max(0, min(start - halo, padded - windowLength))
      return Piece(core: start..<end, window: windowStart..<(windowStart + windowLength))
    }
    paddedLength = padded
  }

  /// Cuts `length` px into as few windows as have cores of at most `core` px between their halos,
  /// and these as small as possible.
  ///
  /// A window at a border needs no halo there, so its core is that much larger.
  init(balancing length: Int, core: Int, halo: Int, alignment: Int, minimum: Int = 1) {
    precondition(
      length > 0 && core > 0 && halo >= 0 && alignment > 0 && minimum > 0,
      "length \(length), core \(core), halo \(halo), alignment \(alignment)")
    func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
    let (padded, largest, halo) = (aligned(length), aligned(core), aligned(halo))
    let inner = max(1, padded - 2 * halo)
    let count = (inner + largest - 1) / largest
    let core = aligned((inner + count - 1) / count)
    let window = min(padded, max(core + 2 * halo, aligned(minimum)))
    let starts = [0] + (1..<max(count, 1)).map { halo + $0 * core }.filter { $0 < length }
    pieces = starts.indices.map { index in
      let end = index + 1 < starts.count ? starts[index + 1] : length
      let first = max(0, min(starts[index] - halo, padded - window))
      return Piece(core: starts[index]..<end, window: first..<(first + window))
    }
    paddedLength = padded
  }
}

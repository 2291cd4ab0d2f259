import TesseraPlugin

/// How one axis of an image is cut into cores and the windows around them.
///
/// All windows have the same length and begin at multiples of the alignment. At a border of the
/// image a window is moved inside, never padded, so that whatever a translator does at its own
/// edges happens at the image's edges only. A length that is no multiple of the alignment is
/// continued up to one at its far end.
struct AxisPlan: Sendable {
  struct Piece: Sendable, Hashable {
    /// Pixels of the image whose translation is kept.
    let core: Range<Int>
    /// Pixels that are read; may reach beyond the image up to the alignment.
    let window: Range<Int>
  }

  let pieces: [Piece]
  /// The length, continued to a multiple of the alignment.
  let paddedLength: Int

  /// Cuts `length` px; with `offset` the first core is that long, and the lattice begins behind it.
  init(length: Int, core: Int, halo: Int, alignment: Int = 1, offset: Int = 0) {
    precondition(
      length > 0 && core > 0 && halo >= 0 && alignment > 0 && offset >= 0,
      "length \(length), core \(core), halo \(halo), alignment \(alignment), offset \(offset)")
    func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
    let (padded, core, halo, offset) = (
      aligned(length), aligned(core), aligned(halo), aligned(offset)
    )
    let windowLength = min(padded, core + 2 * halo)
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
}

/// How one axis of an image is cut into cores and the windows around them.
///
/// All windows have the same length. At a border of the image a window is moved inside, never
/// padded, so that whatever a translator does at its own edges happens at the image's edges only.
struct AxisPlan: Sendable {
  struct Piece: Sendable, Hashable {
    let core: Range<Int>
    let window: Range<Int>
  }

  let pieces: [Piece]

  init(length: Int, core: Int, halo: Int) {
    precondition(
      length > 0 && core > 0 && halo >= 0, "length \(length), core \(core), halo \(halo)")
    let windowLength = min(length, core + 2 * halo)
    pieces = stride(from: 0, to: length, by: core).map { start in
      let windowStart = max(0, min(start - halo, length - windowLength))
      return Piece(
        core: start..<min(start + core, length), window: windowStart..<(windowStart + windowLength))
    }
  }
}

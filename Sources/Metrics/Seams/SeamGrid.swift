public import Base

/// Where tiles meet: lines between pixels at `offset` plus every multiple of `pitch`, along both axes.
///
/// Line 512 lies between the pixels 511 and 512.
public struct SeamGrid: Sendable, Hashable {
  /// The smallest pitch: below it the control lines would reach into the seams.
  public static let minimumPitch = 28

  /// Pixels from one seam to the next.
  public let pitch: Int
  /// The first line, 0..<`pitch`.
  public let offset: Int

  /// Makes a grid, unless the pitch is under ``minimumPitch``.
  ///
  /// The offset is taken modulo the pitch.
  public init(pitch: Int, offset: Int = 0) throws(TesseraError) {
    guard (SeamGrid.minimumPitch...1_000_000_000).contains(pitch) else {
      throw TesseraError(
        "a pitch of \(pitch) px: seams can be measured from \(SeamGrid.minimumPitch) px on; give the "
          + "side of the tiles without their halo")
    }
    self.pitch = pitch
    let remainder = offset % pitch
    self.offset = remainder < 0 ? remainder + pitch : remainder
  }

  /// Control lines in each interval between two seams.
  static let controls = 6

  /// Pixels on each side of a line that are looked at.
  static let reach = 4

  /// A line that is measured: a seam, or a control to hold it against.
  struct Line: Sendable, Hashable {
    /// The first column or row behind the line.
    let position: Int
    /// 0 for a seam, 1...6 for the control lines of an interval.
    let group: Int
  }

  /// Where the control lines of an interval lie, counted from its seam.
  ///
  /// They are spread evenly, and keep the phase of the seams modulo a power of two up to 16 where
  /// the pitch has it: blocks of JPEG and the strides of networks then weigh on both alike.
  var controlOffsets: [Int] {
    var phase = 16
    while phase > 1, pitch % phase != 0 || phase > pitch / (SeamGrid.controls + 1) { phase /= 2 }
    return (1...SeamGrid.controls).map { $0 * pitch / (SeamGrid.controls + 1) / phase * phase }
  }

  /// The lines of an axis of `length` px that have enough pixels on both sides, in order.
  func lines(in length: Int) -> [Line] {
    let positions = [0] + controlOffsets
    let possible = SeamGrid.reach...max(SeamGrid.reach, length - SeamGrid.reach)
    guard length >= 2 * SeamGrid.reach else { return [] }
    return stride(from: offset - pitch, to: length, by: pitch).flatMap { seam in
      positions.enumerated().compactMap { group, position in
        possible.contains(seam + position)
          ? Line(position: seam + position, group: group) : nil
      }
    }
  }
}

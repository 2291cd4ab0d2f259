/// How many windows of an image a network computes at once, each on its share of the threads.
///
/// Threads that share a window wait for each other after every layer: a ResNet-6 of width 16 takes
/// a 16384² slide in 39 s with a window on each of two threads, and in 60 s with both on one.
struct StreamChoice: Sendable {
  let threads: Int
  /// Bytes that the largest operation takes a px of a window.
  let bytesPerPixel: Double
  /// Whether a window must stay on one thread.
  let isSerial: Bool
  /// Bytes that it may take in all windows at once.
  static let budget = 2 * NetworkPair.windowBudget

  /// The streams for `windows` windows of `pixels` px.
  func streams(windows: Int, pixels: Int) -> Int {
    if isSerial { return threads }
    let streams = (1...threads).last { streams in
      guard threads.isMultiple(of: streams) else { return false }
      // Those that have no window in the last round are idle, at most for a fifth of the time.
      let rounds = (windows + streams - 1) / streams
      return rounds * streams * 4 <= windows * 5
        && Double(streams * pixels) * bytesPerPixel <= Self.budget
    }
    return streams ?? 1
  }
}

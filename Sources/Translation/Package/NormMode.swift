/// What norm layers that look at the whole picture are given.
public enum NormMode: String, Codable, Sendable, CaseIterable {
  /// Statistics of the whole image, measured once on a sample and then fixed.
  case frozen
  /// A smooth field of statistics on a fixed lattice.
  case local
  /// The statistics of each window, as other tools do; the tiles show.
  case tile
}

public import Inference

/// How a network is run on an image.
public struct NetworkSettings: Sendable {
  /// How windows are put together.
  public enum Blend: String, Sendable, CaseIterable {
    /// Exact windows where the network allows them, else cross-faded ones.
    case auto
    /// Exact windows, however large their halo.
    case none
    /// Cross-faded windows of the size that the network was trained on.
    case cosine
  }

  /// Norm mode; nil is the package's, frozen if it has none.
  public var norm: NormMode?
  /// Arithmetic.
  public var precision = InferenceOptions.Precision.auto
  /// How windows are put together.
  public var blend = Blend.auto
  /// Pixels over which cross-faded windows overlap; nil is half of a window.
  public var overlap: Int?
  /// Halo in px instead of the network's own; the result may then depend on the windows.
  public var halo: Int?
  /// Side in px of a core, which matters to cross-faded windows and norm mode `tile` only.
  public var tile: Int?
  /// Processors that the network may use.
  public var threads: Int
  /// Statistics to use instead of measuring the image.
  public var calibration: NetworkCalibration?

  /// Everything at its default on `threads` processors.
  public init(threads: Int) { self.threads = threads }

  /// Everything that the pixels depend on in norm mode `norm`, for the ledger of a batch.
  func parameters(norm: NormMode) -> String {
    [
      "norm=\(norm.rawValue)", "precision=\(precision.rawValue)",
      "blend=\(blend.rawValue)", "overlap=\(overlap.map(String.init) ?? "auto")",
      "halo=\(halo.map(String.init) ?? "auto")",
      norm == .tile ? "window=\(tile.map(String.init) ?? "auto")" : nil,
      calibration.map { "calibration=\($0.identity)" },
    ].compactMap(\.self).joined(separator: " ")
  }
}

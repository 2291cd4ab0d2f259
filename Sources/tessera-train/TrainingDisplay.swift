#if Training
  import Terminal
  import Foundation
  import Training

  /// Shows how far a run is: a line on a terminal, or one of JSON a second.
  final class TrainingDisplay {
    private let style: ProgressStyle
    private var shown = ContinuousClock.now - .seconds(60)
    private var isVisible = false

    init(_ style: ProgressStyle) {
      self.style = style == .auto ? (Console.isErrorTerminal ? .bar : .none) : style
    }

    func show(_ progress: TrainingProgress) {
      guard style != .none else { return }
      let interval: Duration = style == .bar ? .milliseconds(200) : .seconds(1)
      guard ContinuousClock.now - shown >= interval || progress.step == progress.steps else {
        return
      }
      shown = .now
      if style == .json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let data = try? encoder.encode(progress) else { return }
        try? FileHandle.standardError.write(contentsOf: data + Data("\n".utf8))
        return
      }
      write("\r\(progress.line(columns: Self.columns))\u{1B}[K")
      isVisible = true
    }

    /// Runs `body` with the line out of the way.
    func aside(_ body: () -> Void) {
      end()
      body()
    }

    /// Takes the line away.
    func end() {
      if isVisible { write("\r\u{1B}[K") }
      isVisible = false
    }

    private func write(_ text: String) {
      try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    private static var columns: Int {
      var size = winsize()
      guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 100 }
      return Int(size.ws_col) - 1
    }
  }
#endif

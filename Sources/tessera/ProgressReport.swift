import ArgumentParser
import Batch
import Terminal
import Foundation
import Synchronization
import TesseraPlugin

/// Shows how far a batch is: a bar on a terminal, or a line of JSON an event.
final class ProgressReport: Sendable {
  private struct Event: Encodable {
    var event: String
    var input: String?
    var imagesDone: Int
    var images: Int
    var fraction: Double
    var megapixelsPerSecond: Double
    var secondsLeft: Double?
  }

  private struct State {
    var running: [BatchItem: (done: Int, total: Int)] = [:]
    var imagesDone = 0
    var workedImages = 0
    var pixelsDone = 0
    var shown = ContinuousClock.now - .seconds(10)
    var isBarVisible = false
  }

  private let style: ProgressStyle
  private let images: Int
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  init(_ style: ProgressStyle, images: Int, isQuiet: Bool) {
    self.images = images
    self.style =
      isQuiet ? .none : style == .auto ? (Console.isErrorTerminal ? .bar : .none) : style
  }

  func progress(_ item: BatchItem, _ done: Int, _ total: Int) {
    guard style != .none else { return }
    state.withLock { state in
      state.running[item] = (done, total)
      let interval: Duration = style == .bar ? .milliseconds(100) : .seconds(1)
      guard ContinuousClock.now - state.shown >= interval else { return }
      state.shown = .now
      show(&state, "progress", item.input)
    }
  }

  func ended(_ outcome: BatchOutcome) {
    guard style != .none else { return }
    state.withLock { state in
      let item = BatchItem(input: outcome.input, output: outcome.output)
      if let (_, total) = state.running.removeValue(forKey: item) { state.pixelsDone += total }
      state.imagesDone += 1
      if outcome.status != .skipped { state.workedImages += 1 }
      show(&state, "ended", outcome.input)
    }
  }

  /// Runs `body` with the bar out of the way, so that a line can be printed.
  func aside(_ body: () -> Void) {
    state.withLock { state in
      if state.isBarVisible {
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K".utf8))
        state.isBarVisible = false
      }
      body()
    }
  }

  private func show(_ state: inout State, _ event: String, _ input: String) {
    let fractions = state.running.values.map { Double($0.done) / Double(max(1, $0.total)) }
    let fraction = min(
      1, (Double(state.imagesDone) + fractions.reduce(0, +)) / Double(max(1, images)))
    let pixels = state.pixelsDone + state.running.values.map(\.done).reduce(0, +)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    // Skipped images took no time and say nothing about the rest.
    let skipped = state.imagesDone - state.workedImages
    let worked = Double(state.workedImages) + fractions.reduce(0, +)
    let left =
      worked > 0 ? seconds / worked * (Double(images - skipped) - worked) : nil
    let rate = Double(pixels) / 1e6 / max(seconds, 1e-3)
    if style == .json {
      let event = Event(
        event: event, input: input, imagesDone: state.imagesDone, images: images,
        fraction: fraction, megapixelsPerSecond: rate, secondsLeft: left.map { max(0, $0) })
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      guard let data = try? encoder.encode(event) else { return }
      try? FileHandle.standardError.write(contentsOf: data + Data("\n".utf8))
      return
    }
    let width = 30
    let filled = Int(saturating: (fraction * Double(width)).rounded(.down))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let count = images > 1 ? "\(state.imagesDone)/\(images) images  " : ""
    let time = left.map { "  \(ProgressReport.clock(max(0, $0))) left" } ?? ""
    let line =
      "\(bar) \(Int(saturating: (fraction * 100).rounded(.down))) %  \(count)\(Int(saturating: rate)) MP/s\(time)"
    try? FileHandle.standardError.write(contentsOf: Data("\r\(line)\u{1B}[K".utf8))
    state.isBarVisible = true
    if state.imagesDone == images {
      try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K".utf8))
      state.isBarVisible = false
    }
  }

  /// Hours, minutes and seconds, the hours only where there are some.
  static func clock(_ seconds: Double) -> String {
    let total = Int(saturating: seconds.rounded(.up))
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let short = "\(total / 60 % 60):\(two(total % 60))"
    return total < 3600 ? short : "\(total / 3600):\(two(total / 60 % 60)):\(two(total % 60))"
  }
}

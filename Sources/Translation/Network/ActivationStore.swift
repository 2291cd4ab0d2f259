import Base
import Synchronization
import TesseraPlugin

/// Values between the stages of a calibration, one an activation and window, in a temporary file
/// that has no name: memory stays that of one window.
final class ActivationStore: Sendable {
  private struct State {
    var places: [String: (offset: Int, count: Int)] = [:]
    var free: [(offset: Int, bytes: Int)] = []
    var end = 0
  }

  private let file: ScratchFile
  private let windows: Int
  private let state = Mutex(State())

  /// Makes the file for values of `windows` windows.
  init(windows: Int) throws(PairError) {
    self.windows = windows
    do {
      file = try ScratchFile()
    } catch {
      throw PairError(error.description)
    }
  }

  /// Sets room aside for a value of `count` floats in every window.
  func reserve(_ name: String, count: Int) {
    state.withLock { state in
      let bytes = count * windows * 4
      if let index = state.free.firstIndex(where: { $0.bytes == bytes }) {
        state.places[name] = (state.free.remove(at: index).offset, count)
      } else {
        state.places[name] = (state.end, count)
        state.end += bytes
      }
    }
  }

  /// Lets the room of a value be used again.
  func release(_ name: String) {
    state.withLock { state in
      guard let place = state.places.removeValue(forKey: name) else { return }
      state.free.append((place.offset, place.count * windows * 4))
    }
  }

  /// Keeps the value of one window.
  func write(_ name: String, window: Int, _ values: Span<Float>) throws(PairError) {
    let offset = try offset(name, window, count: values.count)
    do {
      try values.withUnsafeBufferPointer { buffer throws(TesseraError) in
        try file.write(UnsafeRawBufferPointer(buffer), at: offset)
      }
    } catch {
      throw PairError(error.description)
    }
  }

  /// Brings the value of one window back.
  func read(_ name: String, window: Int, into values: inout MutableSpan<Float>) throws(PairError) {
    let offset = try offset(name, window, count: values.count)
    do {
      try values.withUnsafeMutableBufferPointer { buffer throws(TesseraError) in
        try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
      }
    } catch {
      throw PairError(error.description)
    }
  }

  /// Where a value lies; throws where the network gave more or fewer values than room was set aside for.
  private func offset(_ name: String, _ window: Int, count: Int) throws(PairError) -> Int {
    let place = state.withLock { $0.places[name] }
    guard let place, place.count == count else {
      throw PairError("the network gave \(count) values for \(name), not \(place?.count ?? 0)")
    }
    return place.offset + window * count * 4
  }
}

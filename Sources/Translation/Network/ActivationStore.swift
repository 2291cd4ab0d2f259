import Foundation
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

  private let descriptor: Int32
  private let path: String
  private let windows: Int
  private let state = Mutex(State())

  /// Makes the file for values of `windows` windows.
  init(windows: Int) throws(PairError) {
    self.windows = windows
    path = FileManager.default.temporaryDirectory.appending(path: "tessera-calibration-XXXXXX").path
    var template = Array(path.utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw PairError(
        "no temporary file can be made in \(FileManager.default.temporaryDirectory.path): "
          + "\(String(cString: strerror(errno))); set TMPDIR")
    }
    unlink(template)
  }

  deinit { close(descriptor) }

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
    let isWritten = values.withUnsafeBufferPointer { buffer in
      transfer(name, window, UnsafeRawBufferPointer(buffer)) { chunk, offset in
        pwrite(descriptor, chunk.baseAddress, chunk.count, offset)
      }
    }
    guard isWritten else {
      throw PairError(
        "the calibration does not fit into \(FileManager.default.temporaryDirectory.path): "
          + "\(String(cString: strerror(errno))); set TMPDIR to a larger disk")
    }
  }

  /// Brings the value of one window back.
  func read(_ name: String, window: Int, into values: inout MutableSpan<Float>) throws(PairError) {
    let isRead = values.withUnsafeMutableBufferPointer { buffer in
      transfer(name, window, UnsafeRawBufferPointer(buffer)) { chunk, offset in
        pread(
          descriptor, UnsafeMutableRawPointer(mutating: chunk.baseAddress), chunk.count, offset)
      }
    }
    guard isRead else { throw PairError("the calibration's temporary file cannot be read back") }
  }

  private func transfer(
    _ name: String, _ window: Int, _ bytes: UnsafeRawBufferPointer,
    _ move: (UnsafeRawBufferPointer, off_t) -> Int
  ) -> Bool {
    guard let place = state.withLock({ $0.places[name] }), place.count * 4 == bytes.count else {
      return false
    }
    var done = 0
    while done < bytes.count {
      let chunk = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = move(chunk, off_t(place.offset + window * bytes.count + done))
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}

import Base
import Foundation
import Networks

/// What a run remembers besides its tensors; a checkpoint's metadata hold it.
struct RunState: Sendable, Hashable, Codable {
  /// Steps done.
  var step = 0
  var plateau = PlateauWatch()
  /// The best validation so far, and its epoch from 1.
  var best: Double?
  var bestEpoch: Int?

  private static let key = "tessera.state"

  /// As metadata of a checkpoint.
  var metadata: [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let json = try? encoder.encode(self) else { return [:] }
    return [Self.key: String(decoding: json, as: UTF8.self)]
  }

  init() {}

  /// Reads the metadata of a checkpoint.
  init(_ metadata: [String: String], path: String) throws(TesseraError) {
    guard let text = metadata[Self.key],
      let state = try? JSONDecoder().decode(RunState.self, from: Data(text.utf8)),
      (0...1 << 50).contains(state.step)
    else {
      throw TesseraError(
        path, "resuming", "it does not say how far the run was: remove it to go on from another")
    }
    self = state
  }
}

import Base
import Foundation
import Networks

/// The training states of a run: the newest, the best and those that stay for good.
///
/// A state is complete under its name or not there at all; older ones go only after a new one is on
/// the disk. So there is one to go on from whenever the process ends.
package struct CheckpointStore: Sendable {
  /// The folder.
  package let folder: String
  /// How many of the newest states stay.
  package let newest: Int

  private static let sumKey = "tessera.crc32"

  /// Opens a folder, which has to be there.
  package init(_ folder: String, keepingNewest newest: Int = 2) {
    precondition(newest > 0)
    (self.folder, self.newest) = (folder, newest)
  }

  /// The states by step, whether or not they are readable.
  package var entries: [SavedCheckpoint] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { SavedCheckpoint(name: $0, folder: folder) }
      .sorted { ($0.step, $0.path) < ($1.step, $1.path) }
  }

  /// Saves a state, then removes those that are not needed any more.
  ///
  /// The same tensors and metadata give the same bytes. A state of the same step is replaced; one
  /// marked as the best takes the mark from the one that had it.
  ///
  /// - Throws: An error if the state cannot be written; the older ones are as they were then.
  @discardableResult
  package func save(
    _ tensors: CheckpointTensors, step: Int, metadata: [String: String] = [:],
    marks: Set<SavedCheckpoint.Mark> = []
  ) throws(TesseraError) -> SavedCheckpoint {
    var metadata = metadata
    metadata[Self.sumKey] = Self.sum(of: tensors)
    let before = entries
    let same = before.filter { $0.step == step }
    let saved = SavedCheckpoint(
      step: step, marks: same.reduce(marks) { $0.union($1.marks) }, folder: folder)
    try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: saved.path)
    for other in same where other.path != saved.path { unlink(other.path) }
    prune()
    return saved
  }

  /// The newest state that is complete; each newer one that is not is told to `warn`.
  package func latest(
    warn: (String) -> Void = { _ in }
  ) -> (checkpoint: SavedCheckpoint, file: SafetensorsFile)? {
    for checkpoint in entries.reversed() {
      do throws(TesseraError) {
        return (checkpoint, try read(checkpoint))
      } catch {
        warn("\(error); going on with the one before it")
      }
    }
    return nil
  }

  /// The state that is marked as the best.
  package var best: SavedCheckpoint? { entries.last { $0.marks.contains(.best) } }

  /// Reads a state and compares its checksum.
  package func read(_ checkpoint: SavedCheckpoint) throws(TesseraError) -> SafetensorsFile {
    var file = try SafetensorsFile.read(checkpoint.path)
    guard file.metadata.removeValue(forKey: Self.sumKey) == Self.sum(of: file.tensors) else {
      throw TesseraError(
        checkpoint.path, "reading the checkpoint",
        "its numbers are not those that were saved: the file is damaged, remove it")
    }
    return file
  }

  /// Removes states beyond a step, which a run that goes on from there makes again.
  package func removeAll(after step: Int) {
    for checkpoint in entries where checkpoint.step > step { unlink(checkpoint.path) }
  }

  // Of several that are the best, because a process was killed, the newest is.
  private func prune() {
    let entries = entries
    let best = entries.last { $0.marks.contains(.best) }
    let recent = Set(Set(entries.map(\.step)).sorted().suffix(newest))
    for entry in entries {
      var marks = entry.marks
      if entry != best { marks.remove(.best) }
      if marks.isEmpty && !recent.contains(entry.step) {
        unlink(entry.path)
      } else if marks != entry.marks {
        let renamed = SavedCheckpoint(step: entry.step, marks: marks, folder: folder)
        rename(entry.path, renamed.path)
      }
    }
  }

  private static func sum(of tensors: CheckpointTensors) -> String {
    let sum = tensors.reduce(0 as UInt32) { ZipChecksum.of($1.tensor.bytes, after: $0) }
    return String(sum, radix: 16)
  }
}

import Foundation
import Networks

/// Readers by name, as their corpora are called; they throw whatever they refuse.
let readers: [String: @Sendable (Data) throws -> Void] = [
  "checkpoint": { try check(Checkpoint(data: $0, name: "input")) },
  "pickle": { try check(Checkpoint(data: PickleArchive.around($0), name: "input")) },
  "safetensors": { try check(SafetensorsFile(data: $0, name: "input")) },
]

private func check(_ checkpoint: Checkpoint) throws {
  for (_, tensor) in checkpoint.tensors {
    let isFinite = tensor.floats().allSatisfy(\.isFinite)
    // A double may be too large for a float.
    precondition(isFinite == tensor.isFinite || tensor.element == .f64 && tensor.isFinite)
  }
  if checkpoint["__metadata__"] == nil {
    try check(SafetensorsFile(tensors: checkpoint.tensors, metadata: checkpoint.metadata))
  }
}

/// What was read has to survive being written.
private func check(_ file: SafetensorsFile) throws {
  let copy = try SafetensorsFile(data: file.encoded(), name: "copy")
  precondition(copy == file)
}

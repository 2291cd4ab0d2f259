import Base
import Foundation

/// A safetensors file: named tensors and text about them.
///
/// Source of the format: https://github.com/huggingface/safetensors#format
public struct SafetensorsFile: Sendable, Hashable {
  /// Text about the file, under `__metadata__`.
  public var metadata: [String: String]
  /// The tensors, in the order of the header.
  public var tensors: CheckpointTensors

  /// Makes a file that is not on the disk.
  public init(tensors: CheckpointTensors = CheckpointTensors(), metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Reads a file, mapped where possible: it must not be changed in place meanwhile.
  public static func read(_ path: String) throws(TesseraError) -> SafetensorsFile {
    try SafetensorsFile(data: FileContent.read(path, action: action), name: path)
  }

  /// Reads the bytes of a file; `name` is for messages.
  public init(data: Data, name: String) throws(TesseraError) {
    do throws(FormatError) {
      try self.init(parsing: data)
    } catch {
      throw TesseraError(name, Self.action, quoting: error.reason)
    }
  }

  static let action = "reading the safetensors file"

  init(parsing data: Data) throws(FormatError) {
    var cursor = ByteCursor(data)
    let length = try cursor.count()
    guard length <= SafetensorsHeader.lengthLimit, length <= cursor.remaining else {
      throw FormatError(
        "its header claims \(length) bytes of \(cursor.remaining): the file is cut off or is not"
          + " safetensors")
    }
    let header = try SafetensorsHeader(cursor.bytes(length))
    let numbers = try cursor.bytes(cursor.remaining)
    // In order and without gaps, tensors can neither overlap nor hide anything between them.
    var end = 0
    for entry in header.entries.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      guard entry.start == end else {
        throw FormatError("tensor \(entry.name) does not begin where the one before it ends")
      }
      end = entry.end
    }
    guard end == numbers.count else {
      throw FormatError(
        "its tensors have \(end) bytes, the file has \(numbers.count) for them: it is cut off, or"
          + " something is behind them")
    }
    metadata = header.metadata
    tensors = CheckpointTensors()
    for entry in header.entries {
      let first = numbers.startIndex + entry.start
      tensors[entry.name] = CheckpointTensor(
        shape: entry.shape, element: entry.element,
        bytes: numbers[first..<(first + entry.end - entry.start)])
    }
  }
}

import Foundation

/// How a tensor lies in its storage.
struct TensorView {
  let storage: Data
  let element: CheckpointElement
  let offset: Int
  let shape: [Int]
  let strides: [Int]

  /// More axes than torch allows.
  static let rankLimit = 64

  /// Checks that every number of the tensor is in its storage.
  init(
    storage: Data, element: CheckpointElement, offset: Int, shape: [Int], strides: [Int]
  ) throws(FormatError) {
    guard shape.count == strides.count, shape.count <= Self.rankLimit else {
      throw FormatError("it has \(shape.count) sizes and \(strides.count) strides")
    }
    self.storage = storage
    self.element = element
    self.offset = offset
    self.shape = shape
    // The stride of an axis with one place has no meaning, whatever it is.
    self.strides = zip(shape, strides).map { $0 == 1 ? 0 : $1 }
    guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
      throw FormatError("its offset, a size or a stride is negative")
    }
    guard let byteCount = element.byteCount(of: shape) else {
      throw FormatError("its size \(shape) is too large")
    }
    if byteCount == 0 { return }
    guard let last = last, last < storage.count / element.byteCount else {
      throw FormatError(
        "it reaches beyond its storage: size \(shape), strides \(strides), offset \(offset),"
          + " \(storage.count / element.byteCount) numbers")
    }
  }

  // Place of the last number; nil where it cannot be counted.
  private var last: Int? {
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, tooFar) = last.addingReportingOverflow(reach)
      guard !overflow, !tooFar else { return nil }
      last = sum
    }
    return last
  }

  /// Bytes of the tensor when its numbers stand one after another.
  var byteCount: Int { element.byteCount(of: shape) ?? 0 }

  // Axes from the end that lie one behind the other form runs; the axes before them.
  private var runs: (length: Int, axes: Int) {
    var (run, axes) = (1, shape.count)
    while axes > 0, shape[axes - 1] == 1 || strides[axes - 1] == run {
      run *= shape[axes - 1]
      axes -= 1
    }
    return (run, axes)
  }

  /// Whether the tensor is part of its storage as it stands.
  var isContiguous: Bool { byteCount == 0 || runs.axes == 0 }

  /// The tensor, contiguous: a slice of the storage where it lies that way already.
  func tensor() -> CheckpointTensor {
    let total = byteCount
    guard total > 0 else { return CheckpointTensor(shape: shape, element: element, bytes: Data()) }
    let start = storage.startIndex + offset * element.byteCount
    let (run, axes) = runs
    let bytes =
      axes == 0 ? storage[start..<(start + total)] : gathered(axes, run * element.byteCount)
    return CheckpointTensor(shape: shape, element: element, bytes: bytes)
  }

  private func gathered(_ axes: Int, _ run: Int) -> Data {
    var bytes = Data(count: byteCount)
    bytes.withUnsafeMutableBytes { target in
      storage.withUnsafeBytes { source in
        var counters = [Int](repeating: 0, count: axes)
        var place = offset
        for start in stride(from: 0, to: target.count, by: run) {
          let from = place * element.byteCount
          target[start..<(start + run)].copyBytes(from: source[from..<(from + run)])
          for axis in (0..<axes).reversed() {
            counters[axis] += 1
            place += strides[axis]
            if counters[axis] < shape[axis] { break }
            place -= shape[axis] * strides[axis]
            counters[axis] = 0
          }
        }
      }
    }
    return bytes
  }
}

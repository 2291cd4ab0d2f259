internal import CTorch

/// Numbers that libtorch computes with and follows for gradients; confined to the thread that trains.
///
/// Operations never throw: the first that fails is reported by ``Torch/check()``, and what follows
/// from it is undefined. Pictures are NCHW.
final class Tensor {
  let handle: ct_ref

  /// Takes over a handle.
  init(_ handle: ct_ref) { self.handle = handle }

  deinit { ct_free(handle) }

  /// Copies f32 values, last axis fastest.
  convenience init(_ values: [Float], shape: [Int], device: TrainingDevice = .cpu) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for \(shape)")
    self.init(Self.make(values, ct_float32, shape, device))
  }

  /// Copies integers, as indices are.
  convenience init(indices: [Int], device: TrainingDevice) {
    self.init(Self.make(indices.map(Int64.init), ct_int64, [indices.count], device))
  }

  private static func make<Value: BitwiseCopyable>(
    _ values: [Value], _ type: Int, _ shape: [Int], _ device: TrainingDevice
  ) -> ct_ref {
    values.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { preconditionFailure("a tensor without elements") }
      return shape.asInt64 { ct_make(base, Int32(type), $0, $1, device.isCUDA) }
    }
  }

  /// One number everywhere.
  convenience init(filled value: Double, shape: [Int], device: TrainingDevice = .cpu) {
    self.init(shape.asInt64 { ct_filled(value, $0, $1, device.isCUDA) })
  }

  /// Sizes of the axes.
  var shape: [Int] { (0..<ct_rank(handle)).map { Int(ct_size(handle, $0)) } }

  /// Number of elements.
  var count: Int { shape.reduce(1, *) }

  /// All elements as f32, last axis fastest.
  var values: [Float] {
    let count = count
    return [Float](unsafeUninitializedCapacity: count) { buffer, written in
      if let base = buffer.baseAddress { ct_copy_out(handle, base, Int64(count)) }
      written = count
    }
  }

  /// The only element; NaN after a failure.
  var item: Double { ct_item(handle) }

  /// Overwrites the elements, unseen by gradients.
  func assign(_ values: [Float]) { ct_copy_in(handle, values, Int64(values.count)) }

  /// The same numbers, which gradients do not pass.
  var detached: Tensor { Tensor(ct_detach(handle)) }

  /// A copy that later changes of this one leave alone.
  var copied: Tensor { Tensor(ct_copy(handle)) }

  /// The same numbers as f32.
  var asFloat: Tensor { Tensor(ct_to_float(handle)) }

  /// The same numbers with the channels of a pixel side by side in memory.
  var channelsLast: Tensor { Tensor(ct_to_channels_last(handle)) }
}

extension Tensor {
  /// Whether backward passes gather the gradient of this tensor.
  func requireGradient(_ required: Bool = true) { ct_set_requires_gradient(handle, required) }

  /// Adds the gradients of this number to all tensors that require theirs.
  func backward() { ct_backward(handle) }

  /// What backward passes have gathered; undefined where there is none.
  var gradient: Tensor { Tensor(ct_gathered_gradient(handle)) }

  /// Whether there is anything in it.
  var isDefined: Bool { ct_is_defined(handle) }

  /// Forgets what was gathered.
  func clearGradient() { ct_clear_gradient(handle) }

  /// d(sum of this)/d(`input`), itself open to gradients.
  func gradient(of input: Tensor) -> Tensor { Tensor(ct_gradient(handle, input.handle)) }

  /// Moves this towards `other` by `share` of the way.
  func approach(_ other: Tensor, share: Double) { ct_approach(handle, other.handle, share) }
}

extension [Int] {
  /// The numbers as C has them, and how many.
  func asInt64<Result>(_ body: (UnsafePointer<Int64>, Int32) -> Result) -> Result {
    // One more, so that an empty array has an address.
    let numbers = map(Int64.init) + [0]
    return numbers.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("an array without memory") }
      return body(base, Int32(count))
    }
  }
}

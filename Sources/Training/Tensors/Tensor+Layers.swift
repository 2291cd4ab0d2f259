internal import CTorch

extension Tensor {
  /// Sides by which a picture grows, as libtorch orders them.
  struct Sides {
    var left = 0, right = 0, top = 0, bottom = 0
  }

  func convolved(
    _ weight: Tensor, bias: Tensor?, stride: [Int], padding: [Int], dilation: [Int], groups: Int
  ) -> Tensor {
    Tensor(
      Self.pairs([stride, padding, dilation]) {
        ct_convolution(handle, weight.handle, bias?.handle, $0[0], $0[1], $0[2], Int64(groups))
      })
  }

  func convolvedTransposed(
    _ weight: Tensor, bias: Tensor?, stride: [Int], padding: [Int], outputPadding: [Int],
    dilation: [Int], groups: Int
  ) -> Tensor {
    Tensor(
      Self.pairs([stride, padding, outputPadding, dilation]) {
        ct_transposed_convolution(
          handle, weight.handle, bias?.handle, $0[0], $0[1], $0[2], $0[3], Int64(groups))
      })
  }

  func padded(_ sides: Sides, _ border: ct_border, value: Double = 0) -> Tensor {
    Tensor(
      [sides.left, sides.right, sides.top, sides.bottom].asInt64 { numbers, _ in
        ct_pad(handle, numbers, Int32(border.rawValue), value)
      })
  }

  func instanceNormalized(_ scale: Tensor?, _ shift: Tensor?, epsilon: Double) -> Tensor {
    Tensor(ct_instance_norm(handle, scale?.handle, shift?.handle, epsilon))
  }

  /// In training, mean and variance of the batch, of which `mean` and `variance` follow a tenth.
  func batchNormalized(
    _ scale: Tensor?, _ shift: Tensor?, mean: Tensor, variance: Tensor, isTraining: Bool,
    epsilon: Double
  ) -> Tensor {
    Tensor(
      ct_batch_norm(
        handle, scale?.handle, shift?.handle, mean.handle, variance.handle, isTraining, 0.1, epsilon
      ))
  }

  /// This weight divided by its largest singular value, along u and v after another iteration.
  func spectrallyNormalized(_ u: Tensor, _ v: Tensor, iterates: Bool) -> Tensor {
    Tensor(ct_spectral(handle, u.handle, v.handle, iterates))
  }

  func averagePooled(
    kernel: [Int], stride: [Int], padding: [Int], ceiling: Bool = false, countsPadding: Bool
  ) -> Tensor {
    Tensor(
      Self.pairs([kernel, stride, padding]) {
        ct_average_pool(handle, $0[0], $0[1], $0[2], ceiling, countsPadding)
      })
  }

  func maxPooled(kernel: [Int], stride: [Int], padding: [Int], ceiling: Bool) -> Tensor {
    Tensor(
      Self.pairs([kernel, stride, padding]) { ct_max_pool(handle, $0[0], $0[1], $0[2], ceiling) })
  }

  /// Pixel floor(i * in / out) of the picture.
  func resizedNearest(_ height: Int, _ width: Int) -> Tensor {
    Tensor(ct_resize_nearest(handle, Int64(height), Int64(width)))
  }

  func resizedBilinear(_ height: Int, _ width: Int, alignsCorners: Bool = false) -> Tensor {
    Tensor(ct_resize_bilinear(handle, Int64(height), Int64(width), alignsCorners))
  }

  /// Half of the numbers at random become 0, the others are doubled.
  func dropped(_ probability: Double) -> Tensor { Tensor(ct_dropout(handle, probability)) }

  static func concatenated(_ tensors: [Tensor], axis: Int) -> Tensor {
    let handles = tensors.map { Optional($0.handle) }
    return Tensor(
      handles.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("nothing to concatenate") }
        return ct_concatenate(base, Int32(tensors.count), Int64(axis))
      })
  }

  func sliced(axis: Int, from start: Int, to end: Int, step: Int = 1) -> Tensor {
    Tensor(ct_slice(handle, Int64(axis), Int64(start), Int64(end), Int64(step)))
  }

  func reshaped(_ shape: [Int]) -> Tensor { Tensor(shape.asInt64 { ct_reshape(handle, $0, $1) }) }

  func permuted(_ axes: [Int]) -> Tensor { Tensor(axes.asInt64 { ct_permute(handle, $0, $1) }) }

  func flipped(axis: Int) -> Tensor { Tensor(ct_flip(handle, Int64(axis))) }

  /// The places `indices` along an axis.
  func selected(_ indices: Tensor, axis: Int) -> Tensor {
    Tensor(ct_select(handle, Int64(axis), indices.handle))
  }

  /// Pairs of numbers as C has them.
  private static func pairs<Result>(
    _ pairs: [[Int]], _ body: ([UnsafePointer<Int64>]) -> Result
  ) -> Result {
    let numbers = pairs.flatMap { $0 }
    return numbers.asInt64 { base, _ in body(pairs.indices.map { base + 2 * $0 }) }
  }
}

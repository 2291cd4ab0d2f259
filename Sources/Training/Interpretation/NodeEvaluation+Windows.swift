import Base
internal import CTorch
import ModelGraph
import TesseraPlugin

/// Operations that look at a neighborhood or change the size of a picture.
extension NodeEvaluation {
  func convolution() throws(TesseraError) -> Tensor {
    let weight = try input(1)
    let bias = node.input(2) == nil ? nil : try input(2)
    let stride = node.integers("strides") ?? [1, 1]
    let dilation = node.integers("dilations") ?? [1, 1]
    let groups = node.integer("group") ?? 1
    let kernel = Array(weight.shape.dropFirst(2))
    guard kernel.count == 2 else { throw fault("is no convolution of pictures") }
    let pads = try pads(kernel, stride, dilation)
    if node.op == "ConvTranspose" {
      guard pads[0] == pads[2], pads[1] == pads[3] else { throw fault("crops unevenly") }
      return try input(0).convolvedTransposed(
        weight, bias: bias, stride: stride, padding: [pads[0], pads[1]],
        outputPadding: node.integers("output_padding") ?? [0, 0], dilation: dilation,
        groups: groups)
    }
    let (x, padding) = even(try input(0), pads)
    return x.convolved(
      weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  func pool() throws(TesseraError) -> Tensor {
    guard let kernel = node.integers("kernel_shape"), kernel.count == 2 else {
      throw fault("is no pool of pictures")
    }
    let stride = node.integers("strides") ?? [1, 1]
    let pads = try pads(kernel, stride, [1, 1])
    let ceiling = node.integer("ceil_mode") == 1
    if node.op == "MaxPool" {
      let (x, padding) = even(try input(0), pads, value: -.infinity)
      return x.maxPooled(kernel: kernel, stride: stride, padding: padding, ceiling: ceiling)
    }
    let counts = node.integer("count_include_pad") == 1
    guard counts || (pads[0] == pads[2] && pads[1] == pads[3]) else {
      throw fault("pads unevenly")
    }
    let (x, padding) = even(try input(0), pads)
    return x.averagePooled(
      kernel: kernel, stride: stride, padding: padding, ceiling: ceiling, countsPadding: counts)
  }

  func pad() throws(TesseraError) -> Tensor {
    guard let pads = try integers(1) else { throw fault("has pads that are not known") }
    let rank = pads.count / 2
    guard rank == 4, [0, 1].allSatisfy({ pads[$0] == 0 && pads[$0 + 4] == 0 }) else {
      throw fault("pads more than height and width")
    }
    let borders = ["constant": ct_constant, "reflect": ct_reflect, "edge": ct_edge]
    guard let border = borders[node.text("mode") ?? "constant"] else {
      throw fault("pads in a way that is not known")
    }
    let sides = Tensor.Sides(left: pads[3], right: pads[7], top: pads[2], bottom: pads[6])
    return try input(0).padded(sides, border, value: Double(try floats(2)?.first ?? 0))
  }

  func resize() throws(TesseraError) -> Tensor {
    let x = try input(0)
    let old = x.shape
    let size: [Int]
    if let sizes = try integers(3) {
      size = Array(sizes.suffix(2))
    } else if let scales = try floats(2), scales.count == 4 {
      size = [2, 3].map { Int(saturating: (Float(old[$0]) * scales[$0]).rounded(.down)) }
    } else {
      throw fault("has a size that is not known")
    }
    let coordinates = node.text("coordinate_transformation_mode") ?? "half_pixel"
    switch (node.text("mode") ?? "nearest", coordinates) {
    case ("nearest", "asymmetric") where node.text("nearest_mode") == "floor":
      return x.resizedNearest(size[0], size[1])
    case ("nearest", "half_pixel"), ("nearest", "asymmetric"):
      // Whole factors: every rule repeats a pixel as often.
      guard size[0] % old[2] == 0, size[1] % old[3] == 0 else { break }
      return x.resizedNearest(size[0], size[1])
    case ("linear", "half_pixel"), ("linear", "pytorch_half_pixel"):
      return x.resizedBilinear(size[0], size[1])
    case ("linear", "align_corners"):
      return x.resizedBilinear(size[0], size[1], alignsCorners: true)
    default: break
    }
    throw fault("resizes in a way that cannot be trained through")
  }

  /// Pads top, left, bottom, right.
  private func pads(
    _ kernel: [Int], _ stride: [Int], _ dilation: [Int]
  ) throws(TesseraError) -> [Int] {
    switch node.text("auto_pad") ?? "NOTSET" {
    case "NOTSET": return node.integers("pads") ?? [0, 0, 0, 0]
    case "VALID": return [0, 0, 0, 0]
    default: throw fault("chooses its padding by the size of the picture; export it with pads")
    }
  }

  /// Padding that libtorch's layers can do themselves, after a padding of what they cannot.
  private func even(_ x: Tensor, _ pads: [Int], value: Double = 0) -> (Tensor, [Int]) {
    if pads[0] == pads[2], pads[1] == pads[3] { return (x, [pads[0], pads[1]]) }
    let sides = Tensor.Sides(left: pads[1], right: pads[3], top: pads[0], bottom: pads[2])
    return (x.padded(sides, ct_constant, value: value), [0, 0])
  }
}

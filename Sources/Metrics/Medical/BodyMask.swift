/// The outline of the body in a CT volume, when nobody drew one.
///
/// Of the voxels above a threshold the largest connected part is the body; what it encloses in a
/// slice (lungs, air in the bowel) belongs to it; then it is dilated, as the masks of SynthRAD are.
public enum BodyMask {
  /// Finds the body.
  ///
  /// - Parameters:
  ///   - volume: CT in HU.
  ///   - threshold: What lies above is body, couch or cushion; -500 HU is between air and fat.
  ///   - dilation: Voxels by which the outline grows within a slice.
  /// - Returns: 1 inside, 0 outside.
  public static func find(
    in volume: FloatVolume, threshold: Float = -500, dilation: Int = 3
  ) -> FloatVolume {
    let (width, height, depth) = (volume.width, volume.height, volume.depth)
    let area = width * height
    var isBody = largestPart(volume.values.map { $0 > threshold }, width, height, depth)
    for z in 0..<depth {
      var slice = Array(isBody[z * area..<(z + 1) * area])
      fillHoles(&slice, width, height)
      for _ in 0..<dilation { dilate(&slice, width, height) }
      isBody.replaceSubrange(z * area..<(z + 1) * area, with: slice)
    }
    return FloatVolume(
      width: width, height: height, depth: depth, values: isBody.map { $0 ? 1 : 0 })
  }

  /// Keeps the largest part that hangs together by faces.
  private static func largestPart(
    _ mask: [Bool], _ width: Int, _ height: Int, _ depth: Int
  ) -> [Bool] {
    var rest = mask
    var best: [Int] = []
    for start in mask.indices where rest[start] {
      var part = [start]
      rest[start] = false
      var next = 0
      while next < part.count {
        let index = part[next]
        next += 1
        let (x, y, z) = (index % width, index / width % height, index / (width * height))
        func visit(_ neighbor: Int) {
          guard rest[neighbor] else { return }
          rest[neighbor] = false
          part.append(neighbor)
        }
        if x > 0 { visit(index - 1) }
        if x + 1 < width { visit(index + 1) }
        if y > 0 { visit(index - width) }
        if y + 1 < height { visit(index + width) }
        if z > 0 { visit(index - width * height) }
        if z + 1 < depth { visit(index + width * height) }
      }
      if part.count > best.count { best = part }
    }
    var kept = [Bool](repeating: false, count: mask.count)
    for index in best { kept[index] = true }
    return kept
  }

  /// What cannot be reached from the border without crossing the mask joins it.
  private static func fillHoles(_ mask: inout [Bool], _ width: Int, _ height: Int) {
    var isOutside = [Bool](repeating: false, count: mask.count)
    var pending: [Int] = []
    func reach(_ index: Int) {
      guard !mask[index], !isOutside[index] else { return }
      isOutside[index] = true
      pending.append(index)
    }
    for x in 0..<width {
      reach(x)
      reach((height - 1) * width + x)
    }
    for y in 0..<height {
      reach(y * width)
      reach(y * width + width - 1)
    }
    while let index = pending.popLast() {
      let (x, y) = (index % width, index / width)
      if x > 0 { reach(index - 1) }
      if x + 1 < width { reach(index + 1) }
      if y > 0 { reach(index - width) }
      if y + 1 < height { reach(index + width) }
    }
    for index in mask.indices { mask[index] = !isOutside[index] }
  }

  private static func dilate(_ mask: inout [Bool], _ width: Int, _ height: Int) {
    let before = mask
    for index in before.indices where before[index] {
      let (x, y) = (index % width, index / width)
      if x > 0 { mask[index - 1] = true }
      if x + 1 < width { mask[index + 1] = true }
      if y > 0 { mask[index - width] = true }
      if y + 1 < height { mask[index + width] = true }
    }
  }
}

#if Volumes
  import Volumes

  extension EvaluationThumbnails {
    /// The middle axial slice of a volume, from the 1st to the 99th percentile where no range is given.
    static func middleSlice(_ path: String, range: ClosedRange<Float>?) -> Picture? {
      guard let volume = try? VolumeFile.open(path).read().oriented(as: "LPS") else { return nil }
      let size = volume.geometry.size
      let reduction = max(1, (max(size.x, size.y) + side - 1) / side)
      let (width, height) = (max(1, size.x / reduction), max(1, size.y / reduction))
      var levels: [Float] = []
      levels.reserveCapacity(width * height)
      for y in 0..<height {
        for x in 0..<width {
          var sum: Float = 0
          let (rows, columns) = (
            y * reduction..<(y + 1) * reduction, x * reduction..<(x + 1) * reduction
          )
          for row in rows where row < size.y {
            for column in columns where column < size.x { sum += volume[column, row, size.z / 2] }
          }
          levels.append(sum / Float(reduction * reduction))
        }
      }
      let sorted = levels.filter(\.isFinite).sorted()
      guard let first = sorted.first, let last = sorted.last else { return nil }
      let (low, high) = (sorted[sorted.count / 100], sorted[sorted.count * 99 / 100])
      let shown = range ?? (low < high ? low...high : first...max(last, first + 1))
      let scale = 255 / (shown.upperBound - shown.lowerBound)
      return Picture(
        width: width, height: height,
        levels: levels.flatMap { level in
          let shade = level.isFinite ? (level - shown.lowerBound) * scale : 0
          return [shade, shade, shade]
        }, range: shown)
    }
  }
#endif

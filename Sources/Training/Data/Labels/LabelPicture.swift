import TesseraPlugin

/// A map of class numbers, or of instances.
struct LabelPicture: Sendable, Hashable {
  let height: Int
  let width: Int
  /// Row by row.
  var labels: [Int32]

  init(height: Int, width: Int, labels: [Int32]) {
    precondition(labels.count == height * width && !labels.isEmpty)
    (self.height, self.width, self.labels) = (height, width, labels)
  }

  /// Another size; each pixel takes the label at its center, as Pillow's `NEAREST` does.
  func resized(height: Int, width: Int) -> LabelPicture {
    guard height != self.height || width != self.width else { return self }
    let columns = (0..<width).map { Self.place($0, self.width, width) }
    return rearranged(height: height, width: width) { row, column in
      Self.place(row, self.height, height) * self.width + columns[column]
    }
  }

  private static func place(_ index: Int, _ old: Int, _ new: Int) -> Int {
    min(
      old - 1, Int(saturating: ((Double(index) + 0.5) * Double(old) / Double(new)).rounded(.down)))
  }

  /// A part, which has to lie inside.
  func cropped(x: Int, y: Int, width: Int, height: Int) -> LabelPicture {
    guard width != self.width || height != self.height else { return self }
    return rearranged(height: height, width: width) { row, column in
      (row + y) * self.width + column + x
    }
  }

  /// Left and right exchanged.
  var mirrored: LabelPicture {
    rearranged(height: height, width: width) { row, column in row * width + width - 1 - column }
  }

  /// Turned to the left by so many right angles.
  func turned(_ quarters: Int) -> LabelPicture {
    var result = self
    for _ in 0..<(quarters & 3) {
      let (height, width) = (result.height, result.width)
      result = result.rearranged(height: width, width: height) { row, column in
        column * width + width - 1 - row
      }
    }
    return result
  }

  private func rearranged(
    height: Int, width: Int, _ place: (_ row: Int, _ column: Int) -> Int
  ) -> LabelPicture {
    var result: [Int32] = []
    result.reserveCapacity(height * width)
    for row in 0..<height {
      for column in 0..<width { result.append(labels[place(row, column)]) }
    }
    return LabelPicture(height: height, width: width, labels: result)
  }

  /// One channel a class, 1 where it is: what generators of label maps read.
  func oneHot(classes: Int) -> [Float] {
    let plane = labels.count
    var channels = [Float](repeating: 0, count: classes * plane)
    for (pixel, label) in labels.enumerated() { channels[Int(label) * plane + pixel] = 1 }
    return channels
  }

  /// 1 where a pixel differs from one of its four neighbors (`get_edges`).
  var borders: [Float] {
    var result = [Float](repeating: 0, count: labels.count)
    for row in 0..<height {
      for column in 0..<width {
        let place = row * width + column
        if column > 0, labels[place] != labels[place - 1] {
          (result[place], result[place - 1]) = (1, 1)
        }
        if row > 0, labels[place] != labels[place - width] {
          (result[place], result[place - width]) = (1, 1)
        }
      }
    }
    return result
  }
}

import Base

/// A picture in memory as networks see it: channel after channel, each row by row, in -1...1.
struct Picture: Sendable, Hashable {
  let channels: Int
  let height: Int
  let width: Int
  /// `channels` x `height` x `width` numbers.
  var values: [Float]

  init(channels: Int, height: Int, width: Int, values: [Float]) {
    precondition(values.count == channels * height * width && !values.isEmpty)
    (self.channels, self.height, self.width) = (channels, height, width)
    self.values = values
  }

  /// The picture in another size (bicubic).
  func resized(height: Int, width: Int) -> Picture {
    guard height != self.height || width != self.width else { return self }
    let resize = BicubicResize(
      width: self.width, height: self.height, to: (width, height), precision: .single)
    let plane = self.height * self.width
    var result: [Float] = []
    result.reserveCapacity(channels * height * width)
    for channel in 0..<channels {
      // The kernel has negative lobes: at an edge it leaves the range of a picture.
      result += resize(values.span.extracting(channel * plane..<(channel + 1) * plane))
        .map { min(1, max(-1, $0)) }
    }
    return Picture(channels: channels, height: height, width: width, values: result)
  }

  /// A part, which has to lie inside.
  func cropped(x: Int, y: Int, width: Int, height: Int) -> Picture {
    precondition(x >= 0 && y >= 0 && x + width <= self.width && y + height <= self.height)
    guard width != self.width || height != self.height else { return self }
    return rearranged(height: height, width: width) { row, column in
      (row + y) * self.width + column + x
    }
  }

  /// Left and right exchanged.
  var mirrored: Picture {
    rearranged(height: height, width: width) { row, column in row * width + width - 1 - column }
  }

  /// Turned to the left by so many right angles.
  func turned(_ quarters: Int) -> Picture {
    switch quarters & 3 {
    case 1:
      rearranged(height: width, width: height) { row, column in column * width + width - 1 - row }
    case 2:
      rearranged(height: height, width: width) { row, column in
        (height - 1 - row) * width + width - 1 - column
      }
    case 3:
      rearranged(height: width, width: height) { row, column in
        (height - 1 - column) * width + row
      }
    default: self
    }
  }

  private func rearranged(
    height: Int, width: Int, _ place: (_ row: Int, _ column: Int) -> Int
  ) -> Picture {
    let places = (0..<height).flatMap { row in (0..<width).map { place(row, $0) } }
    let plane = self.height * self.width
    var result: [Float] = []
    result.reserveCapacity(channels * places.count)
    values.withUnsafeBufferPointer { values in
      for channel in 0..<channels {
        for place in places { result.append(values[channel * plane + place]) }
      }
    }
    return Picture(channels: channels, height: height, width: width, values: result)
  }
}

import Base

/// The part of a picture that a step sees, and how it lies: drawn once for all that belong together.
struct Framing: Sendable {
  /// Size after resizing.
  var height: Int
  var width: Int
  /// The square that is cut out; nil for all of it.
  var crop: (x: Int, y: Int, side: Int)?
  var isMirrored = false
  var quarters = 0

  /// Draws the framing of a picture (`get_params`); `multiple` is what generators want sides to be of.
  init(
    height: Int, width: Int, options: DataOptions, multiple: Int, isRandom: Bool, path: String,
    _ numbers: inout SeededNumbers
  ) throws(TesseraError) {
    let (load, side) = (options.loadSize, options.cropSize)
    switch options.preprocess {
    case .resizeAndCrop: (self.height, self.width) = (load, load)
    case .crop: (self.height, self.width) = (height, width)
    case .scaleWidth:
      self.width = load
      self.height = max(1, (load * height + width / 2) / width)
    case .scaleWidthAndCrop:
      self.width = load
      self.height = max(side, (load * height + width / 2) / width)
    case .none: (self.height, self.width) = (height, width)
    }
    switch options.preprocess {
    case .scaleWidth, .none:
      // To the nearest size that the generator takes.
      self.height = max(multiple, (self.height + multiple / 2) / multiple * multiple)
      self.width = max(multiple, (self.width + multiple / 2) / multiple * multiple)
    case .resizeAndCrop, .crop, .scaleWidthAndCrop:
      guard self.width >= side, self.height >= side else {
        throw TesseraError(
          path, "cutting a square of \(side) px",
          "the picture is \(self.width) x \(self.height) px; lower --crop-size, or resize with "
            + "--preprocess resize_and_crop")
      }
      let (roomX, roomY) = (self.width - side, self.height - side)
      crop =
        isRandom
        ? (numbers.index(below: roomX + 1), numbers.index(below: roomY + 1), side)
        : (roomX / 2, roomY / 2, side)
    }
    guard isRandom else { return }
    isMirrored = options.flips && numbers.coin()
    // A picture that is not square would come out in another shape.
    quarters =
      options.turns && (crop != nil || self.height == self.width) ? numbers.index(below: 4) : 0
  }

  func applied(to picture: Picture) -> Picture {
    var result = picture.resized(height: height, width: width)
    if let crop {
      result = result.cropped(x: crop.x, y: crop.y, width: crop.side, height: crop.side)
    }
    if isMirrored { result = result.mirrored }
    return result.turned(quarters)
  }

  func applied(to map: LabelPicture) -> LabelPicture {
    var result = map.resized(height: height, width: width)
    if let crop {
      result = result.cropped(x: crop.x, y: crop.y, width: crop.side, height: crop.side)
    }
    if isMirrored { result = result.mirrored }
    return result.turned(quarters)
  }
}

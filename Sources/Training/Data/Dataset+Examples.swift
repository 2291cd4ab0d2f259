import Base
import TesseraPlugin
import TileIO

extension Dataset {
  /// The example at a place of an epoch's order; what is random follows from seed, epoch, place and
  /// the attempts that failed there.
  func example(
    _ index: Int, epoch: Int, place: Int, attempt: Int = 0, seed: UInt64, isRandom: Bool = true
  ) throws(TesseraError) -> TrainingExample {
    // Another attempt draws another partner: the last one may have been what could not be read.
    var numbers = SeededNumbers(seed: seed, .augmentation, epoch, place, attempt)
    switch content {
    case .unpaired(let a, let b):
      let isFixed = options.isSerial || !isRandom
      let other = isFixed ? index % b.count : numbers.index(below: b.count)
      let pictureA = try picture(
        a[index % a.count], isSwapped ? targets : sources, isRandom, &numbers)
      let pictureB = try picture(b[other], isSwapped ? sources : targets, isRandom, &numbers)
      return ordered(pictureA, pictureB)
    case .others(.sideBySide(let files)):
      let (a, b) = try halves(files[index])
      let framing = try frame(a.height, a.width, files[index], isRandom, &numbers)
      return jittered(ordered(framing.applied(to: a), framing.applied(to: b)), isRandom, &numbers)
    case .others(.paired(let pairs)):
      let pair = pairs[index]
      let a = try read(isSwapped ? targets : sources, pair.a)
      let b = try read(isSwapped ? sources : targets, pair.b)
      try Self.check([a.height, a.width], pair.a, [b.height, b.width], pair.b, options)
      let framing = try frame(a.height, a.width, pair.a, isRandom, &numbers)
      return jittered(ordered(framing.applied(to: a), framing.applied(to: b)), isRandom, &numbers)
    case .others(.labels(let all)):
      return try labeled(all[index], isRandom, &numbers)
    case .others(.unpaired): preconditionFailure("unpaired data have origins")
    }
  }

  private func labeled(
    _ files: DataLayout.Labeled, _ isRandom: Bool, _ numbers: inout SeededNumbers
  ) throws(TesseraError) -> TrainingExample {
    guard let reader = labels?.reader else { preconditionFailure("maps were looked at") }
    let map = try reader.read(files.label)
    let size = [map.height, map.width]
    var instances: LabelPicture?
    if hasInstances, let path = files.instances {
      let found = try LabelReader.numbers(path)
      try Self.check(size, files.label, [found.height, found.width], path, options)
      instances = found
    }
    let target = try read(targets, files.picture)
    try Self.check(size, files.label, [target.height, target.width], files.picture, options)
    let framing = try frame(map.height, map.width, files.label, isRandom, &numbers)
    return TrainingExample(
      source: .labels(
        framing.applied(to: map), instances: instances.map { framing.applied(to: $0) }),
      target: framing.applied(to: target))
  }

  /// Both halves of a picture, as the reader of each domain reads them.
  private func halves(_ path: String) throws(TesseraError) -> (a: Picture, b: Picture) {
    let (readerA, readerB) = isSwapped ? (targets, sources) : (sources, targets)
    let both = try read(readerA, path)
    guard both.width >= 2 else {
      throw TesseraError(path, "reading the pair", "it is 1 px wide")
    }
    let half = both.width / 2
    let second = readerB == readerA ? both : try read(readerB, path)
    return (
      both.cropped(x: 0, y: 0, width: half, height: both.height),
      second.cropped(x: half, y: 0, width: half, height: both.height)
    )
  }

  private var isSwapped: Bool { options.direction == .BtoA }

  private func ordered(_ a: Picture, _ b: Picture) -> TrainingExample {
    isSwapped
      ? TrainingExample(source: .picture(b), target: a)
      : TrainingExample(source: .picture(a), target: b)
  }

  private func jittered(
    _ example: TrainingExample, _ isRandom: Bool, _ numbers: inout SeededNumbers
  ) -> TrainingExample {
    guard isRandom, options.stainJitter > 0, case .picture(let source) = example.source else {
      return example
    }
    // The target says what is right: only the source changes.
    return TrainingExample(
      source: .picture(jitter.applied(to: source, &numbers)), target: example.target)
  }

  private func picture(
    _ origin: Origin, _ reader: PictureReader, _ isRandom: Bool, _ numbers: inout SeededNumbers
  ) throws(TesseraError) -> Picture {
    var picture: Picture
    switch origin {
    case .file(let path):
      picture = try read(reader, path)
      picture = try frame(picture.height, picture.width, path, isRandom, &numbers).applied(
        to: picture)
    case .slide(let slide):
      picture = try slide.crop(options.cropSize, reader, &numbers)
      if isRandom, options.flips, numbers.coin() { picture = picture.mirrored }
      if isRandom, options.turns { picture = picture.turned(numbers.index(below: 4)) }
    }
    return isRandom ? jitter.applied(to: picture, &numbers) : picture
  }

  private func frame(
    _ height: Int, _ width: Int, _ path: String, _ isRandom: Bool, _ numbers: inout SeededNumbers
  ) throws(TesseraError) -> Framing {
    try Framing(
      height: height, width: width, options: options, multiple: multiple, isRandom: isRandom,
      path: path, &numbers)
  }

  private func read(_ reader: PictureReader, _ path: String) throws(TesseraError) -> Picture {
    try reader.read(path)
  }

  /// Both sides of a pair show the same place, so they have the same shape.
  private static func check(
    _ a: [Int], _ pathA: String, _ b: [Int], _ pathB: String, _ options: DataOptions
  ) throws(TesseraError) {
    // Pictures that are resized to one size anyway may differ in resolution.
    let ratio = Double(a[0] * b[1]) / Double(a[1] * b[0])
    let fits = options.preprocess == .resizeAndCrop ? abs(ratio - 1) < 0.02 : a == b
    guard fits else {
      throw TesseraError(
        pathB, "reading the pair",
        "it is \(b[1]) x \(b[0]) px, \(pathA) is \(a[1]) x \(a[0])"
          + " px; both have to show the same place at the same size")
    }
  }
}

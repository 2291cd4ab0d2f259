import Foundation
import TesseraPlugin
import TileIO

/// Pictures of two domains, or label maps with their pictures, of which each step gets examples.
final class Dataset: Sendable {
  /// What a method learns from.
  enum Kind: Sendable {
    /// Pictures that belong together.
    case paired
    /// Two domains.
    case unpaired
    /// Label maps and pictures.
    case labels
  }

  /// Where the pictures of one domain of unpaired data come from.
  private enum Origin: Sendable {
    case file(String)
    case slide(SlideCrops)
  }

  private enum Content: Sendable {
    case unpaired(a: [Origin], b: [Origin])
    case others(DataLayout)
  }

  private let content: Content
  let options: DataOptions
  /// Number of examples of an epoch.
  let count: Int
  /// Files of all examples.
  let fileCount: Int
  private let sources: PictureReader
  private let targets: PictureReader
  private let labels: LabelSurvey?
  private let multiple: Int
  private let jitter: StainJitter

  private init(
    _ layout: DataLayout, options: DataOptions, labels: LabelSurvey?, readers: [PictureReader],
    multiple: Int
  ) throws(TrainingError) {
    if case .unpaired(let a, let b) = layout {
      let (a, b) = (try Self.origins(a, options), try Self.origins(b, options))
      content = .unpaired(a: a, b: b)
      count = max(a.count, b.count)
    } else {
      content = .others(layout)
      count = layout.count
    }
    fileCount = layout.count
    (self.options, self.labels, self.multiple) = (options, labels, multiple)
    (sources, targets) = (readers[0], readers[1])
    jitter = StainJitter(strength: options.stainJitter)
  }

  /// Opens a folder of training data.
  ///
  /// - Parameter multiple: What the generator wants sides to be multiples of.
  static func open(
    _ directory: String, kind: Kind, options: DataOptions, multiple: Int, seed: UInt64,
    pool: WorkerPool
  ) throws(TrainingError) -> (training: Dataset, validation: Dataset?, findings: [String]) {
    var (training, validation) = try DataLayout.find(directory)
    (training, validation) = (
      try training.fitting(kind, directory), try validation?.fitting(kind, directory)
    )
    if options.preprocess != .none, options.preprocess != .scaleWidth,
      options.cropSize % multiple != 0
    {
      let below = options.cropSize / multiple * multiple
      throw TrainingError(
        "--crop-size \(options.cropSize): the generator takes sides that are multiples of \(multiple),"
          + " such as \(below > 0 ? "\(below) or " : "")\(below + multiple)")
    }
    if options.preprocess == .resizeAndCrop, options.cropSize > options.loadSize {
      throw TrainingError(
        "--crop-size \(options.cropSize) is larger than --load-size \(options.loadSize), which "
          + "pictures are resized to first")
    }
    var survey: LabelSurvey?
    var findings: [String] = []
    if case .labels(let labelled) = training {
      var maps = labelled.map(\.label)
      if case .labels(let more)? = validation { maps += more.map(\.label) }
      let found = try LabelSurvey(
        maps, classes: options.labelClasses, palette: options.palette, pool: pool)
      (survey, findings) = (found, found.findings)
    }
    let readers = try Self.readers(training, options, isSwapped: options.direction == .BtoA)
    func dataset(_ layout: DataLayout) throws(TrainingError) -> Dataset {
      try Dataset(layout, options: options, labels: survey, readers: readers, multiple: multiple)
    }
    let opened = try dataset(training)
    try opened.probe(seed)
    return (opened, try validation.map(dataset), findings)
  }

  /// Channels of what generators read.
  var sourceChannels: Int {
    labels.map { $0.classes + (hasInstances ? 1 : 0) } ?? sources.channels
  }
  /// Channels of what they make.
  var targetChannels: Int { targets.channels }
  /// Classes of label maps, the one for "unknown" included; nil for pictures.
  var classes: Int? { labels?.classes }
  /// Colours of the classes, where maps have some.
  var colours: LabelColours? { labels?.reader.colours }
  /// Whether a channel marks the borders of instances.
  var hasInstances: Bool {
    guard options.usesInstances, case .others(.labels(let labelled)) = content else { return false }
    return labelled[0].instances != nil
  }

  /// The example at a place of an epoch's order; what is random follows from seed, epoch and place.
  func example(
    _ index: Int, epoch: Int, place: Int, seed: UInt64, isRandom: Bool = true
  ) throws(ExampleFault) -> TrainingExample {
    var numbers = SeededNumbers(seed: seed, .augmentation, epoch, place)
    switch content {
    case .unpaired(let a, let b):
      let isFixed = options.isSerial || !isRandom
      let other = isFixed ? index % b.count : numbers.index(below: b.count)
      let pictureA = try picture(
        a[index % a.count], isSwapped ? targets : sources, isRandom, &numbers)
      let pictureB = try picture(b[other], isSwapped ? sources : targets, isRandom, &numbers)
      return ordered(pictureA, pictureB)
    case .others(.sideBySide(let files)):
      let file = files[index]
      let both = try read(isSwapped ? targets : sources, file)
      guard both.width >= 2 else {
        throw ExampleFault(path: file, message: "\(file): reading the pair: it is 1 px wide")
      }
      let half = both.width / 2
      let framing = try frame(both.height, half, file, isRandom, &numbers)
      let a = both.cropped(x: 0, y: 0, width: half, height: both.height)
      let b = both.cropped(x: half, y: 0, width: half, height: both.height)
      return jittered(ordered(framing.applied(to: a), framing.applied(to: b)), isRandom, &numbers)
    case .others(.paired(let pairs)):
      let pair = pairs[index]
      let a = try read(isSwapped ? targets : sources, pair.a)
      let b = try read(isSwapped ? sources : targets, pair.b)
      try Self.check([a.height, a.width], pair.a, [b.height, b.width], pair.b, options)
      let framing = try frame(a.height, a.width, pair.a, isRandom, &numbers)
      return jittered(ordered(framing.applied(to: a), framing.applied(to: b)), isRandom, &numbers)
    case .others(.labels(let all)):
      let files = all[index]
      let map = try Self.fault(files.label) { () throws(ImageError) in
        try labels?.reader.read(files.label) ?? LabelReader.numbers(files.label)
      }
      let instances =
        try hasInstances
        ? files.instances.map { path throws(ExampleFault) in
          try Self.fault(path) { () throws(ImageError) in try LabelReader.numbers(path) }
        } : nil
      let target = try read(targets, files.picture)
      try Self.check(
        [map.height, map.width], files.label, [target.height, target.width], files.picture, options)
      let framing = try frame(map.height, map.width, files.label, isRandom, &numbers)
      return TrainingExample(
        source: .labels(
          framing.applied(to: map), instances: instances.map { framing.applied(to: $0) }),
        target: framing.applied(to: target))
    case .others(.unpaired): preconditionFailure("unpaired data have origins")
    }
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
  ) throws(ExampleFault) -> Picture {
    var picture: Picture
    switch origin {
    case .file(let path):
      picture = try read(reader, path)
      picture = try frame(picture.height, picture.width, path, isRandom, &numbers).applied(
        to: picture)
    case .slide(let slide):
      picture = try Self.fault(slide.path) { () throws(ImageError) in
        try slide.crop(options.cropSize, reader, &numbers)
      }
      if isRandom, options.flips, numbers.coin() { picture = picture.mirrored }
      if isRandom, options.turns { picture = picture.turned(numbers.index(below: 4)) }
    }
    return isRandom ? jitter.applied(to: picture, &numbers) : picture
  }

  private func frame(
    _ height: Int, _ width: Int, _ path: String, _ isRandom: Bool, _ numbers: inout SeededNumbers
  ) throws(ExampleFault) -> Framing {
    do throws(TrainingError) {
      return try Framing(
        height: height, width: width, options: options, multiple: multiple, isRandom: isRandom,
        path: path, &numbers)
    } catch { throw ExampleFault(path: path, message: error.message) }
  }

  private func read(_ reader: PictureReader, _ path: String) throws(ExampleFault) -> Picture {
    try Self.fault(path) { () throws(ImageError) in try reader.read(path) }
  }

  private static func fault<Result>(
    _ path: String, _ body: () throws(ImageError) -> Result
  ) throws(ExampleFault) -> Result {
    do throws(ImageError) { return try body() } catch {
      throw ExampleFault(path: path, message: error.description)
    }
  }

  /// Both sides of a pair show the same place, so they have the same shape.
  private static func check(
    _ a: [Int], _ pathA: String, _ b: [Int], _ pathB: String, _ options: DataOptions
  ) throws(ExampleFault) {
    // Pictures that are resized to one size anyway may differ in resolution.
    let ratio = Double(a[0] * b[1]) / Double(a[1] * b[0])
    let fits = options.preprocess == .resizeAndCrop ? abs(ratio - 1) < 0.02 : a == b
    guard fits else {
      throw ExampleFault(
        path: pathB,
        message:
          "\(pathB): reading the pair: it is \(b[1]) x \(b[0]) px, \(pathA) is \(a[1]) x \(a[0])"
          + " px; both have to show the same place at the same size")
    }
  }

  /// Fails where nothing can be read, with the reason for the first example.
  private func probe(_ seed: UInt64) throws(TrainingError) {
    var first: ExampleFault?
    for index in 0..<min(count, count / 20 + 1) {
      do throws(ExampleFault) {
        _ = try example(index, epoch: 0, place: index, seed: seed)
        return
      } catch { first = first ?? error }
    }
    if let first { throw TrainingError(first.message) }
  }

  private static func origins(
    _ paths: [String], _ options: DataOptions
  ) throws(TrainingError) -> [Origin] {
    var origins: [Origin] = []
    for path in paths {
      let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
      guard size > 1 << 20, let info = try? ImageFile.open(path).info, SlideCrops.isSlide(info)
      else {
        origins.append(.file(path))
        continue
      }
      do throws(ImageError) {
        let slide = try SlideCrops(path)
        origins += Array(repeating: .slide(slide), count: options.cropsPerSlide)
      } catch { throw TrainingError(error.description) }
    }
    return origins
  }

  /// Readers of source and target.
  private static func readers(
    _ layout: DataLayout, _ options: DataOptions, isSwapped: Bool
  ) throws(TrainingError) -> [PictureReader] {
    let firsts: (a: [String], b: [String])
    switch layout {
    case .unpaired(let a, let b): firsts = (a, b)
    case .sideBySide(let files): firsts = (files, files)
    case .paired(let pairs): firsts = (pairs.map(\.a), pairs.map(\.b))
    case .labels(let labelled): firsts = ([], labelled.map(\.picture))
    }
    let (source, target) = isSwapped ? (firsts.b, firsts.a) : (firsts.a, firsts.b)
    return [
      PictureReader(
        channels: try options.sourceChannels ?? channels(source),
        window: try window(options.sourceWindow, "--source-window")),
      PictureReader(
        channels: try options.targetChannels ?? channels(target),
        window: try window(options.targetWindow, "--target-window")),
    ]
  }

  private static func window(
    _ numbers: [Float]?, _ option: String
  ) throws(TrainingError) -> ClosedRange<Float>? {
    guard let numbers else { return nil }
    guard numbers.count == 2, numbers[0] < numbers[1] else {
      throw TrainingError("\(option): two rising numbers are needed, as in -1000..2000")
    }
    return numbers[0]...numbers[1]
  }

  /// Colour channels of the first image that can be opened.
  private static func channels(_ paths: [String]) throws(TrainingError) -> Int {
    var first: ImageError?
    for path in paths.prefix(paths.count / 20 + 1) {
      do throws(ImageError) {
        let info = try ImageFile.open(path).info
        return info.channels - (info.hasAlpha ? 1 : 0)
      } catch { first = first ?? error }
    }
    if let first { throw TrainingError(first.description) }
    return 3
  }
}

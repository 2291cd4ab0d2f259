import Base
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
  enum Origin: Sendable {
    case file(String)
    case slide(SlideCrops)
  }

  enum Content: Sendable {
    case unpaired(a: [Origin], b: [Origin])
    case others(DataLayout)
  }

  let content: Content
  let options: DataOptions
  /// Number of examples of an epoch.
  let count: Int
  /// Pictures, or pairs of them, that the folder holds.
  let fileCount: Int
  let sources: PictureReader
  let targets: PictureReader
  let labels: LabelSurvey?
  let multiple: Int
  let jitter: StainJitter

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
    fileCount = layout.fileCount
    (self.options, self.labels, self.multiple) = (options, labels, multiple)
    (sources, targets) = (readers[0], readers[1])
    jitter = StainJitter(strength: options.stainJitter)
  }

  /// Opens a folder of training data; the generator wants sides to be multiples of `multiple`.
  static func open(
    _ directory: String, kind: Kind, options: DataOptions, multiple: Int, seed: UInt64,
    pool: WorkerPool
  ) throws(TrainingError) -> (training: Dataset, validation: Dataset?, findings: [String]) {
    // Without classes label maps are pictures like any other.
    let kind = kind == .labels && options.labelClasses == 0 ? .paired : kind
    var (training, validation) = try DataLayout.find(directory, as: kind)
    (training, validation) = (
      try training.fitting(kind, directory), try validation?.fitting(kind, directory)
    )
    try check(options, multiple: multiple)
    if case .labels = training, options.direction == .BtoA {
      throw TrainingError(
        "--direction BtoA: label maps are the source; leave it out, or use pix2pix to learn maps")
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
    let readers = try training.readers(options)
    func dataset(_ layout: DataLayout) throws(TrainingError) -> Dataset {
      try Dataset(layout, options: options, labels: survey, readers: readers, multiple: multiple)
    }
    let opened = try dataset(training)
    try opened.probe(seed)
    return (opened, try validation.map(dataset), findings)
  }

  private static func check(_ options: DataOptions, multiple: Int) throws(TrainingError) {
    let (load, side) = (options.loadSize, options.cropSize)
    guard load > 0, side > 0 else {
      throw TrainingError("--load-size \(load), --crop-size \(side): sizes are 1 px and more")
    }
    if options.preprocess.cuts, side % multiple != 0 {
      let below = side / multiple * multiple
      throw TrainingError(
        "--crop-size \(side): the generator takes sides that are multiples of \(multiple),"
          + " such as \(below > 0 ? "\(below) or " : "")\(below + multiple)")
    }
    if options.preprocess.cuts, options.preprocess != .crop, side > load {
      throw TrainingError(
        "--crop-size \(side) is larger than --load-size \(load), which pictures are resized to first"
      )
    }
  }

  /// Channels of what generators read.
  var sourceChannels: Int {
    labels.map { $0.classes + (hasInstances ? 1 : 0) } ?? sources.channels
  }
  /// Channels of what they make.
  var targetChannels: Int { targets.channels }
  /// Classes of label maps, the one for "unknown" included; nil for pictures.
  var classes: Int? { labels?.classes }
  /// The class that the number for "unknown" becomes; nil where maps have none.
  var unknownClass: Int? { labels?.reader.unknown.map { Int($0.label) } }
  /// Colours of the classes, where maps have some.
  var colours: LabelColours? { labels?.reader.colours }
  /// Whether a channel marks the borders of instances.
  var hasInstances: Bool {
    guard options.usesInstances, case .others(.labels(let labelled)) = content else { return false }
    return labelled[0].instances != nil
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
      // Small files are not opened twice; a link is as large as what it leads to.
      let file = (path as NSString).resolvingSymlinksInPath
      let size = (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0
      guard size > 1 << 16, let info = try? ImageFile.open(path).info, SlideCrops.isSlide(info)
      else {
        origins.append(.file(path))
        continue
      }
      do throws(TesseraError) {
        let slide = try SlideCrops(path)
        origins += Array(repeating: .slide(slide), count: options.cropsPerSlide)
      } catch { throw TrainingError(error.description) }
    }
    return origins
  }
}

import Base
import Foundation
import TesseraPlugin
import TileIO

/// Pictures of two domains, or label maps with their pictures, of which each step gets examples.
final class Dataset: Sendable {
  /// What a method learns from.
  enum Kind: Sendable, Hashable {
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
  ) throws(TesseraError) {
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
    _ directory: String, kind: Kind, options: DataOptions, heldOut: [String]? = nil, multiple: Int,
    seed: UInt64, pool: WorkerPool
  ) throws(TesseraError) -> Opened {
    // Without classes label maps are pictures like any other.
    let kind = kind == .labels && options.labelClasses == 0 ? .paired : kind
    let split = try Split(directory, kind: kind, holdOut: options.holdOut, heldOut: heldOut)
    let (training, validation) = (split.training, split.validation)
    try check(options, multiple: multiple)
    if case .labels = training, options.direction == .BtoA {
      throw TesseraError(
        "--direction BtoA", action,
        "label maps are the source; leave it out, or use pix2pix to learn maps")
    }
    var survey: LabelSurvey?
    var findings = [split.finding].compactMap(\.self)
    if case .labels(let labeled) = training {
      var maps = labeled.map(\.label)
      if case .labels(let more)? = validation { maps += more.map(\.label) }
      let found = try LabelSurvey(
        maps, classes: options.labelClasses, palette: options.palette, pool: pool)
      (survey, findings) = (found, findings + found.findings)
    }
    let readers = try training.readers(options)
    func dataset(_ layout: DataLayout) throws(TesseraError) -> Dataset {
      try Dataset(layout, options: options, labels: survey, readers: readers, multiple: multiple)
    }
    let opened = try dataset(training)
    try opened.probe(seed)
    return Opened(
      training: opened, validation: try validation.map(dataset), heldOut: split.heldOut,
      validationFinding: split.finding, findings: findings)
  }

  /// What is learned from and what is validated with, and what to say of them.
  struct Opened {
    var training: Dataset
    var validation: Dataset?
    /// What of the training folder is for validation, as ``HeldOut`` names it.
    var heldOut: [String]
    /// What to say where there is no folder for validation.
    var validationFinding: String?
    var findings: [String]
  }

  /// The examples of a folder that are learned from, and those that are not.
  struct Split {
    let training: DataLayout
    let validation: DataLayout?
    let heldOut: [String]
    /// What to say where there is no folder for validation.
    var finding: String?

    /// Takes the folder for validation, or holds out what `heldOut` names, or chooses some.
    init(
      _ directory: String, kind: Kind, holdOut: Int?, heldOut: [String]?
    ) throws(TesseraError) {
      let (all, folder) = try DataLayout.find(directory, as: kind)
      let layout = try all.fitting(kind, directory)
      if let folder = try folder?.fitting(kind, directory) {
        (training, validation, self.heldOut) = (layout, folder, [])
        return
      }
      let split =
        if let heldOut { HeldOut(layout, in: directory, names: heldOut) } else {
          try HeldOut(layout, in: directory, count: holdOut)
        }
      (training, validation, self.heldOut) = (split.training, split.validation, split.names)
      finding =
        heldOut == [] && holdOut != 0
        ? "no val folder: the run was begun without anything held out, so it has no validation"
        : split.finding(of: layout, count: holdOut)
    }
  }

  private static let action = "preparing the data"

  private static func check(_ options: DataOptions, multiple: Int) throws(TesseraError) {
    let (load, side) = (options.loadSize, options.cropSize)
    guard load > 0, side > 0 else {
      throw TesseraError(
        "--load-size \(load), --crop-size \(side)", action, "sizes are 1 px and more")
    }
    if options.preprocess.cuts, side % multiple != 0 {
      let below = side / multiple * multiple
      throw TesseraError(
        "--crop-size \(side)", action,
        "the generator takes sides that are multiples of \(multiple), such as \(below > 0 ? "\(below) or " : "")\(below + multiple)"
      )
    }
    if options.preprocess.cuts, options.preprocess != .crop, side > load {
      throw TesseraError(
        "--crop-size \(side)", action,
        "it is larger than --load-size \(load), which pictures are resized to first"
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
  /// Colors of the classes, where maps have some.
  var colors: LabelColors? { labels?.reader.colors }
  /// Whether a channel marks the borders of instances.
  var hasInstances: Bool {
    guard options.usesInstances, case .others(.labels(let labeled)) = content else { return false }
    return labeled[0].instances != nil
  }

  /// Fails where nothing can be read, with the reason for the first example.
  private func probe(_ seed: UInt64) throws(TesseraError) {
    var first: TesseraError?
    for index in 0..<min(count, count / 20 + 1) {
      do throws(TesseraError) {
        _ = try example(index, epoch: 0, place: index, seed: seed)
        return
      } catch { first = first ?? error }
    }
    if let first { throw first }
  }

  private static func origins(
    _ paths: [String], _ options: DataOptions
  ) throws(TesseraError) -> [Origin] {
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
      origins += Array(repeating: .slide(try SlideCrops(path)), count: options.cropsPerSlide)
    }
    return origins
  }
}

import Base
public import TesseraPlugin
public import Translation
public import Volumes

/// Translates volumes, slice by slice, onto the very grid that they came on.
public struct VolumeTranslator: Sendable {
  /// Slices that a network's statistics are measured on.
  static let sampledSlices = 24

  private let engine: TranslationEngine
  /// Float samples: they become others when they are written.
  private let settings: TranslationSettings
  private let observer: TranslationEngine.Observer

  /// Translates with `settings`; `observer` hears of slices in place of rows.
  public init(
    _ engine: TranslationEngine, _ settings: TranslationSettings,
    observer: TranslationEngine.Observer = TranslationEngine.Observer()
  ) {
    self.engine = engine
    self.observer = observer
    var settings = settings
    settings.depth = .float
    self.settings = settings
  }

  /// Translates `source`; the result has its geometry, and names its DICOM files.
  ///
  /// - Throws: Where the pair is not for volumes, or not for this kind.
  public func translate(_ source: Volume) throws -> Volume {
    try SourceCheck.checkNumbers(source)
    if case .volume(let format) = settings.pair.description.input {
      try SourceCheck.check(source, format)
      return try translate(source, format)
    }
    try checkPlain()
    let stack = SliceStack(volume: source, neighbors: 0, isCommon: false)
    var result = source
    result.samples = try run(stack, nil, done: 0, of: stack.count)
    return result
  }

  /// Pairs for pictures see every slice by itself, as it lies in the file.
  private func checkPlain() throws(TesseraError) {
    let pair = settings.pair.description
    guard pair.output == .picture else {
      throw TesseraError(
        "the pair \(pair.id) makes \(pair.output.isLabels ? "labels" : "values") of pictures, and"
          + " volumes come out as volumes of brightness; choose a pair for volumes")
    }
    guard pair.channels == 1, pair.outputChannels == 1 else {
      throw TesseraError(
        "the pair \(pair.id) takes \(pair.channels) colour channels, a volume has one value a place;"
          + " choose a pair for volumes")
    }
    guard pair.scale == .one else {
      throw TesseraError(
        "the pair \(pair.id) changes the size of pictures, which would not leave the volume its"
          + " geometry; choose a pair for volumes")
    }
    guard pair.takesPhysicalValues else {
      throw TesseraError(
        "the pair \(pair.id) takes pictures from black to white, and a volume has no white; choose a"
          + " pair for volumes")
    }
  }

  private func translate(
    _ source: Volume, _ format: SliceFormat
  ) throws -> Volume {
    let options = settings.options
    let planes =
      options.values["orientations"] == "3" ? SliceFormat.Plane.allCases : [format.planes[0]]
    for plane in planes where !format.planes.contains(plane) {
      throw TesseraError(
        "--set orientations=3: the pair is made for"
          + " \(format.planes.map(\.rawValue).joined(separator: " and ")) slices, not from"
          + " \(plane.rawValue) ones; leave it out")
    }
    let prepared = try VolumePreparation(
      source, as: format, removesShading: options.values["n4"] == "true")
    let size = prepared.volume.geometry.size
    let total = planes.count == 3 ? size.x + size.y + size.z : slices(planes[0], size)
    var (sum, done) = ([Float](), 0)
    for plane in planes {
      let turned = SliceStack(
        volume: prepared.volume.oriented(as: plane.orientation), neighbors: format.neighbors)
      let calibration = try calibrate(turned)
      var result = turned.volume
      result.samples = try run(turned, calibration, done: done, of: total)
      done += turned.count
      result = result.oriented(as: SliceFormat.Plane.axial.orientation)
      if sum.isEmpty { sum = result.samples } else { sum.add(result.samples) }
    }
    var mean = prepared.volume
    mean.samples = planes.count == 1 ? sum : sum.map { $0 / Float(planes.count) }
    return try VolumeCompletion(format: format).complete(mean, mask: prepared.mask, as: source)
  }

  /// What the pair makes of all slices of a stack together.
  private func calibrate(_ stack: SliceStack) throws -> Calibration {
    let calibration = try engine.calibrate(
      stack.source(stack.count / 2), settings, slices: stack.samples(maximum: Self.sampledSlices))
    guard case .copy(let reason) = calibration.outcome else { return calibration }
    throw TesseraError("the pair \(settings.pair.description.id) refuses it: \(reason)")
  }

  private func slices(_ plane: SliceFormat.Plane, _ size: SIMD3<Int>) -> Int {
    switch plane {
    case .axial: size.z
    case .coronal: size.y
    case .sagittal: size.x
    }
  }

  /// Translates every slice of a stack, each by itself where there is no calibration of all.
  private func run(
    _ stack: SliceStack, _ calibration: Calibration?, done: Int, of total: Int
  ) throws -> [Float] {
    var samples: [Float] = []
    samples.reserveCapacity(stack.volume.samples.count)
    for index in 0..<stack.count {
      guard !observer.isCancelled() else { throw TesseraError.cancelled }
      let sink = SliceSink()
      _ = try engine.translate(
        stack.source(index), settings, calibration: calibration
      ) { _ in sink }
      guard sink.samples.count == stack.region.area else {
        throw TesseraError("slice \(index + 1) came out in another size")
      }
      samples += sink.samples
      observer.rowsDone(done + index + 1, total)
    }
    return samples
  }
}

extension [Float] {
  /// Adds numbers one by one.
  mutating func add(_ other: [Float]) {
    for index in indices { self[index] += other[index] }
  }
}

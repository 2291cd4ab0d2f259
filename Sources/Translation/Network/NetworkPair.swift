public import Base
public import Inference
import ModelGraph
import Synchronization
public import TesseraPlugin

/// A model package as a domain pair.
public final class NetworkPair: DomainPair {
  /// The network and what is known about it.
  public let package: ModelPackage
  /// How it is run.
  public let settings: NetworkSettings
  let engine: InferenceEngine
  let pool: WorkerPool
  let codec: WindowCodec
  let method: Method
  /// Bytes that the largest operation on a window may take while it is measured.
  static let sampleBudget = 200e6
  /// Bytes that it may take while windows are translated: their halos are worth some memory.
  static let windowBudget = 640e6
  /// Bytes that it may take at most, whatever windows the user asks for.
  static let largestBudget = 3e9

  /// How an image is put together from windows.
  enum Method: Sendable, Hashable {
    /// Windows with all surroundings that count.
    case exact(halo: Int)
    /// Cross-faded windows of this size.
    case blended(side: Int, overlap: Int)
  }

  /// What statistics are measured on, and the seed of where.
  static let options = [
    PairOption(
      "statistics", .choice(["auto", "tissue", "image"]), default: "auto",
      help:
        "where norms are measured: in tissue, which is auto for models that name their µm/px, or"
        + " all over the image"),
    PairOption(
      "seed", .integer(0...1_000_000), default: "0",
      help: "moves the windows on which norms are measured"),
  ]

  /// Prepares a package; throws where the settings do not fit the network.
  public init(
    _ package: ModelPackage, settings: NetworkSettings, engine: InferenceEngine, pool: WorkerPool
  ) throws(PairError) {
    self.package = package
    self.settings = settings
    self.engine = engine
    self.pool = pool
    codec = WindowCodec(input: package.manifest.input, output: package.manifest.output)
    method = try Self.method(package, settings)
    norm = settings.norm ?? package.manifest.norm ?? .frozen
    if let reason = package.analysis.flatMap({ settings.calibration?.misfit($0) }) {
      throw PairError("the calibration does not fit: \(reason)")
    }
    let scale = package.footprint?.scale ?? Self.scale(of: package)
    self.scale = PixelScale(scale.numerator, scale.denominator)
    if norm == .local, package.analysis?.statistics.contains(where: \.isNorm) != true {
      throw PairError(
        "norm mode local needs norms that look at the picture, and this network has none; use auto")
    }
    if norm == .local, case .blended = method {
      throw PairError("norm mode local needs exact windows; use --norm frozen or --blend none")
    }
  }

  let norm: NormMode
  let scale: PixelScale
  /// Counts the windows that went through the network.
  public let windowCount = WindowCount()
  let calibrators = Mutex<[[Int]: NetworkCalibrator]>([:])
  /// The network as it is, for windows that measure themselves, and for networks that measure
  /// nothing: compiled once for all images.
  private let fixedRunner = Mutex<NetworkRunner?>(nil)

  /// Name, domains and channels, out of the package.
  public var description: PairDescription {
    var description = package.manifest.description
    description.version +=
      " \(package.manifest.model.sha256.prefix(12)) \(settings.parameters(norm: norm))"
    description.scale = scale
    description.hasForeground =
      package.manifest.input.isColor && description.outputChannels == 3 && scale == .one
    description.calibrationEnding =
      norm != .tile && package.analysis?.statistics.isEmpty == false ? "safetensors" : nil
    return description
  }

  /// What the user should know before the first image: where the result is not exact, and why.
  public var warnings: [String] {
    var warnings: [String] = []
    if case .blended(let side, let overlap) = method {
      let reason =
        package.obstacle.map { "\($0.description)" }
        ?? "its halo is \(package.footprint?.halo ?? 0) px"
      warnings.append(
        "images of more than \(side) px are made of windows cross-faded over \(overlap) px, which is"
          + " not exact: \(reason)")
    }
    if norm == .tile, hasStatistics {
      warnings.append("norm mode tile gives every window its own statistics: the tiles show")
    }
    if let classes = package.manifest.input.classes, classes < package.manifest.input.channels {
      warnings.append(
        "the network was made for borders of instances, too; that channel is left empty, as no map of"
          + " instances goes in")
    }
    if settings.halo != nil, case .exact(let halo) = method, let known = package.footprint?.halo,
      halo < known
    {
      warnings.append(
        "a halo of \(halo) px is less than the network's \(known): the tiles may show")
    }
    return warnings
  }

  /// What its windows need; nil where they are cross-faded.
  public func footprint(options: PairOptions) -> Footprint? {
    guard case .exact(let halo) = method else { return nil }
    return footprint(
      halo: halo, core: memory.core(halo: halo, budget: Self.windowBudget, rows: 2048))
  }

  private func footprint(halo: Int, core: Int) -> Footprint {
    let alignment = package.footprint?.alignment ?? 1
    return Footprint(
      halo: halo, preferredCore: core, alignment: alignment,
      // More than the engine's own windows would be more than memory is planned for.
      smallestWindow: min(
        package.analysis.map { package.graph.minimumWindow($0) } ?? 1, core + 2 * halo),
      // Statistics of windows depend on their size.
      largestWindow: norm == .tile
        ? nil
        : WindowMemory(package.graph, shapes: package.analysis?.shapesByName ?? [:])
          .pixels(budget: Self.largestBudget))
  }

  /// The same network on so many threads of its own.
  public func running(onThreads count: Int) throws(PairError) -> any DomainPair {
    var settings = settings
    settings.threads = count
    return try NetworkPair(
      package, settings: settings, engine: engine, pool: WorkerPool(count: count))
  }

  /// Whether some operation looks at the whole picture.
  var hasStatistics: Bool {
    guard let analysis = package.analysis else { return true }
    return !analysis.statistics.isEmpty || (norm == .tile && package.graph.hasBatchNorms)
  }

  private static func method(
    _ package: ModelPackage, _ settings: NetworkSettings
  ) throws(PairError) -> Method {
    let trained = package.manifest.trainedSize
    let side =
      settings.blend == .cosine ? trained ?? 256 : trained ?? package.fixedSize?.max() ?? 256
    let alignment = package.footprint?.alignment ?? 1
    let aligned = (side + alignment - 1) / alignment * alignment
    let overlap = settings.overlap ?? aligned / 2
    let widest = BlendAxis.widestOverlap(side: aligned)
    guard (0...widest).contains(overlap) else {
      throw PairError("--overlap \(overlap): windows have \(aligned) px; use 0 to \(widest)")
    }
    let blended = Method.blended(side: aligned, overlap: overlap)
    guard let footprint = package.footprint else {
      guard settings.blend != .none else {
        throw PairError(
          "--blend none is not possible: \(package.obstacle?.description ?? "no footprint")")
      }
      return blended
    }
    if settings.blend == .cosine { return blended }
    let halo = settings.halo ?? package.manifest.halo ?? footprint.halo
    // A halo larger than what the network ever saw costs more than it is worth.
    if settings.blend == .auto, settings.halo == nil, let trained, halo > trained { return blended }
    return .exact(halo: halo)
  }

  /// The scale of a network whose footprint is not known, out of the sizes of its picture.
  private static func scale(of package: ModelPackage) -> Ratio {
    let shapes = try? ShapeInference(
      package.graph,
      inputShapes: [
        package.graph.inputs[0].name: [1, package.manifest.input.channels]
          + (package.fixedSize ?? [512, 512])
      ])
    guard let output = shapes?.shapes[package.graph.outputs[0]], output.count == 4 else {
      return .one
    }
    return Ratio(max(output[3], 1), package.fixedSize?.last ?? 512)
  }

  /// The network with sums whose order no window changes; cross-faded windows are all alike.
  func exactForm(of graph: Graph) -> Graph {
    if case .exact = method { graph.windowForm() } else { graph }
  }

  func fixed() -> NetworkRunner {
    fixedRunner.withLock { runner in
      if let runner { return runner }
      let graph =
        norm == .tile
        ? package.graph.measuringBatchNorms() : exactForm(of: package.graph.folded())
      let made = self.runner(of: graph)
      runner = made
      return made
    }
  }

  func runner(of graph: Graph) -> NetworkRunner {
    // A field of statistics would lose its smoothness in bf16.
    let options = InferenceOptions(
      precision: norm == .local ? .f32 : settings.precision, threads: settings.threads)
    // Sums over a window have one order on one thread only.
    let isSerial = norm == .tile && hasStatistics
    let choice = StreamChoice(
      threads: settings.threads, bytesPerPixel: memory.bytesPerPixel, isSerial: isSerial)
    return NetworkRunner(graph, engine: engine, options: options, choice: choice)
  }

  func translator(
    _ runner: NetworkRunner, _ image: ImageDescription, _ field: LocalField?
  ) -> any TileTranslator {
    switch method {
    case .blended(let side, let overlap):
      return BlendedTranslator(
        runner, codec: codec, scale: scale, side: side, overlap: overlap, width: image.width,
        height: image.height)
    case .exact(let halo):
      let core = core(halo: halo, image, hasField: field != nil)
      return NetworkTranslator(
        runner, codec: codec, width: image.width, height: image.height,
        footprint: footprint(halo: halo, core: core), scale: scale, field: field,
        count: windowCount)
    }
  }

  private var memory: WindowMemory {
    let isHalf = engine.supportsBF16 && settings.precision != .f32 && norm != .local
    return WindowMemory(
      package.graph, shapes: package.analysis?.shapesByName ?? [:], bytes: isHalf ? 2 : 4)
  }

  /// The side of the cores of an image's windows.
  private func core(halo: Int, _ image: ImageDescription, hasField: Bool) -> Int {
    // Strips of the whole width are held several times over.
    let rowBytes = Double(
      image.width
        * (image.channels + Int(scale.value * scale.value * 8) * package.manifest.output.channels)
    )
    // A field holds several maps as large as the value that it normalizes.
    let budget = hasField ? Self.windowBudget / 6 : Self.windowBudget
    return memory.core(halo: halo, budget: budget, rows: Int(540e6 / rowBytes))
  }
}

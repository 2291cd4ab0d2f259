import Base
import Batch
import Foundation
public import TesseraPlugin
public import TileIO
public import Translation

/// Translates image files with a pair, byte for byte as `tessera translate` does.
///
/// ```swift
/// let translator = try FileTranslator(
///   pair: "stain-normalization", options: ["method": "reinhard"])
/// let result = try translator.translate("slide.svs", to: "normalised.tif")
/// print(result.width, result.height, result.copyReason ?? "translated")
/// ```
///
/// A translator may be used for any number of files, from any thread; its calls block until done.
/// Every failure is an error whose description is a line for the user, and leaves no output behind.
public struct FileTranslator: Sendable {
  /// The outcome for one file.
  public struct Result: Sendable, Hashable {
    /// Columns of the input.
    public let width: Int
    /// Rows of the input.
    public let height: Int
    /// Slices of the input; nil unless it is a volume.
    public let slices: Int?
    /// Why the output is a copy of the input; nil where it was translated.
    public let copyReason: String?
    /// What the user should know despite the success.
    public let note: String?
  }

  /// How files are written.
  public var output = OutputOptions()
  /// Bit depth of the output; nil keeps that of the input.
  public var depth: OutputDepth?
  /// Whether an output replaces an existing file.
  public var overwrites = false

  private let pair: any DomainPair
  private let options: PairOptions
  private var reference: PairValue?
  private let pool: WorkerPool

  /// Opens a pair by its identifier, with `options` as in the command's `--set`.
  ///
  /// `plugins` are plugins, or folders of them, that are searched before the usual places.
  public init(
    pair id: String, options: [String: String] = [:], plugins: [String] = [], threads: Int? = nil
  ) throws {
    pool = Self.pool(threads)
    (pair, self.options) = try InstalledPairs.open(
      id, options: options, plugins: plugins, pool: pool)
  }

  /// Uses the caller's own pair.
  public init(
    _ pair: any DomainPair, options: [String: String] = [:], threads: Int? = nil
  ) throws {
    pool = Self.pool(threads)
    self.pair = pair
    self.options = try InstalledPairs.check(options, of: pair.description)
  }

  /// Fits the pair's target to an image, or reads one that `tessera fit` wrote.
  public mutating func setReference(_ path: String) throws {
    reference = try ReferenceFile.load(
      path, pair: pair, options: options, engine: TranslationEngine(pool: pool))
  }

  /// Translates an image, or a volume if the pair takes volumes; the extension of `target` chooses
  /// the format.
  ///
  /// `progress` receives the fraction done, from 0 to 1, and is called from other threads. Once
  /// `isCancelled` returns true the file is abandoned and `CancellationError` thrown.
  @discardableResult
  public func translate(
    _ source: String, to target: String,
    progress: @escaping @Sendable (Double) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> Result {
    guard overwrites || (try? FileManager.default.attributesOfItem(atPath: target)) == nil else {
      throw TesseraError(
        target, "planning outputs",
        "it exists; set 'overwrites' to replace it, or choose another place")
    }
    let plan = try BatchPlan(
      inputs: [source], output: target, isRecursive: false,
      takesStacks: pair.description.takesVolumes)
    guard plan.items.count == 1 else {
      throw TesseraError(
        source, "planning inputs", "it is a folder; translate its files one by one")
    }
    var translation = TranslationSettings(pair, options: options)
    translation.reference = reference
    translation.depth = depth
    var settings = BatchSettings(translation)
    settings.output = output
    settings.content = ImageContent(pair.description.input)
    settings.overwrites = overwrites
    let runner = BatchRunner(
      pool: pool, settings: settings,
      observer: .init(
        progress: { _, done, total in progress(Double(done) / Double(max(total, 1))) },
        isCancelled: isCancelled))
    guard let outcome = runner.run(plan).first else {
      throw TesseraError(source, "translating", "nothing came of it")
    }
    switch outcome.status {
    case .cancelled: throw CancellationError()
    case .failed:
      let words = (outcome.reason ?? "translating: no reason is known").split(
        separator: ": ", maxSplits: 1)
      throw TesseraError(source, String(words[0]), words.dropFirst().joined())
    case .translated, .copied, .skipped, .planned:
      return Result(
        width: outcome.width ?? 0, height: outcome.height ?? 0, slices: outcome.slices,
        copyReason: outcome.status == .copied ? outcome.reason : nil, note: outcome.note)
    }
  }

  private static func pool(_ threads: Int?) -> WorkerPool {
    WorkerPool(count: max(threads ?? WorkerPool.availableProcessors, 1))
  }
}

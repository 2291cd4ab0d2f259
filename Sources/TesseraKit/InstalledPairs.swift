import Base
import Inference
import Plugins
import StainNormalization
public import TesseraPlugin
import Translation

/// The pairs available by identifier: those that come with Tessera, and plugins in the places
/// where the command looks for them.
public enum InstalledPairs {
  /// The descriptions of all pairs, by identifier.
  public static func descriptions() -> [PairDescription] {
    PairCatalog(PluginPath(), builtIn: builtIn()).all().map(\.description)
  }

  /// The pairs that are part of the program.
  package static func builtIn() -> PluginRegistry {
    let registry = PluginRegistry()
    registry.register(StainNormalization())
    return registry
  }

  /// Starts the pair called `id`, `plugins` looked at before all others.
  static func open(
    _ id: String, options: [String: String], plugins: [String], pool: WorkerPool
  ) throws -> (any DomainPair, PairOptions) {
    let catalog = PairCatalog(PluginPath(named: plugins), builtIn: builtIn())
    let found = catalog.pair(id)
    // A plugin that was named and is broken is not replaced by another pair of that name.
    if !plugins.isEmpty, found?.place != .named, let complaint = catalog.complaints.first {
      throw TesseraError(id, "looking for the pair", complaint)
    }
    guard let found else {
      let why = catalog.complaints.map { "; \($0)" }.joined()
      let known = catalog.all().map(\.description.id).joined(separator: ", ")
      throw TesseraError(id, "looking for the pair", "there is none; there is \(known)\(why)")
    }
    let checked = try check(options, of: found.description)
    switch found.source {
    case .ready(let pair): return (pair, checked)
    case .process(let manifest, let folder, let files):
      let program = try ProcessPair(manifest, folder: folder, files: files, copies: pool.count)
      program.prepare()
      return (program, checked)
    case .model(_, let folder):
      let engine = try InferenceEngine()
      let network = try NetworkPair(
        ModelPackage.open(folder.path, engine: engine),
        settings: NetworkSettings(threads: pool.count), engine: engine, pool: pool)
      return (network, try check(options, of: network.description))
    }
  }

  /// A value for each option of a pair.
  static func check(
    _ options: [String: String], of pair: PairDescription
  ) throws(TesseraError) -> PairOptions {
    do {
      return try PairOptions(options, declared: pair.options)
    } catch {
      throw TesseraError(pair.id, "reading the options", error.message)
    }
  }
}

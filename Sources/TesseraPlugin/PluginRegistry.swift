/// The registry where plugins add their pairs; the host reads it once all plugins are loaded.
public final class PluginRegistry {
  private var byID: [String: any DomainPair] = [:]
  /// What was refused and why, one line per refusal.
  public private(set) var complaints: [String] = []

  /// Creates an empty registry.
  public init() {}

  /// Adds a pair; a second one with the same identifier is refused, the first stays.
  public func register(_ pair: any DomainPair) {
    let id = pair.description.id
    guard byID[id] == nil else {
      complaints.append("a second pair called \(id) was ignored")
      return
    }
    byID[id] = pair
  }

  /// All pairs, sorted by identifier.
  public var pairs: [any DomainPair] {
    byID.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The pair called `id`.
  public func pair(_ id: String) -> (any DomainPair)? { byID[id] }
}

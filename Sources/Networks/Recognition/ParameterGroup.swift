import ModelGraph

/// The parameters below a prefix of a file that holds several networks.
struct ParameterGroup: ParameterSource {
  /// What all names begin with in the file, with its dot; empty for the whole file.
  let prefix: String
  /// Names without the prefix.
  let names: [String]
  private let source: any ParameterSource

  /// The whole file.
  init(_ source: any ParameterSource) {
    self.init(source, prefix: "", names: source.names)
  }

  private init(_ source: any ParameterSource, prefix: String, names: [String]) {
    self.source = source
    self.prefix = prefix
    self.names = names
  }

  /// Last component of the prefix.
  var title: String { prefix.split(separator: ".").last.map(String.init) ?? "" }

  func shape(of name: String) -> [Int]? { source.shape(of: prefix + name) }

  func floats(_ name: String) throws(ModelError) -> [Float] { try source.floats(prefix + name) }

  /// The groups one component further, in the order in which they begin.
  var groups: [ParameterGroup] {
    var order: [Substring] = []
    var members: [Substring: [String]] = [:]
    for name in names {
      guard let dot = name.firstIndex(of: ".") else { continue }
      let component = name[..<dot]
      if members[component] == nil { order.append(component) }
      members[component, default: []].append(String(name[name.index(after: dot)...]))
    }
    return order.map { component in
      ParameterGroup(
        source, prefix: prefix + component + ".", names: members[component] ?? [])
    }
  }
}

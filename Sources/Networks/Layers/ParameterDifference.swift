import ModelGraph

/// What a checkpoint has too much or too little of for a network.
struct ParameterDifference {
  private let missing: [String]
  private let unexpected: [String]
  private let reshaped: [String]
  private let total: Int

  init(_ plan: NetworkBuilder, _ source: some ParameterSource) {
    var missing: [String] = []
    var reshaped: [String] = []
    var known = plan.ignorable
    for parameter in plan.parameters {
      known.insert(parameter.name)
      guard let shape = source.shape(of: parameter.name) else {
        if parameter.role.isRequired { missing.append(parameter.name) }
        continue
      }
      if shape != parameter.shape, parameter.role != .batchCount {
        reshaped.append("\(parameter.name) is \(shape) and should be \(parameter.shape)")
      }
    }
    self.missing = missing
    self.reshaped = reshaped
    unexpected = source.names.filter { !known.contains($0) }
    total = plan.parameters.count
  }

  var isEmpty: Bool { count == 0 }

  /// How far apart they are.
  var count: Int { missing.count + unexpected.count + reshaped.count }

  var firstUnexpected: String? { unexpected.first }

  /// All differences in a line, three of each kind by name.
  var description: String {
    var parts: [String] = []
    if !missing.isEmpty {
      parts.append("\(missing.count) of \(total) parameters are missing: \(Self.list(missing))")
    }
    if !unexpected.isEmpty {
      parts.append("\(unexpected.count) are unexpected: \(Self.list(unexpected))")
    }
    if !reshaped.isEmpty {
      parts.append("\(reshaped.count) have another shape: \(Self.list(reshaped))")
    }
    return parts.joined(separator: "; ")
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", ..." : "")
  }
}

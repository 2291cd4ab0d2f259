/// `{"kind": "percentile", "low": 1, "high": 99.5}`, `{"kind": "z-score"}`, `{"kind": "window", …}`.
extension IntensityNormalization: Codable {
  private enum Key: String, CodingKey { case kind, low, high }

  private enum Name: String, Codable {
    case percentile, window
    case zScore = "z-score"
  }

  /// Reads the form of JSON; throws where numbers are missing or make no sense.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func number(_ key: Key) throws -> Double { try container.decode(Double.self, forKey: key) }
    let kind: Kind =
      switch try container.decode(Name.self, forKey: .kind) {
      case .percentile: .percentile(low: try number(.low), high: try number(.high))
      case .zScore: .zScore
      case .window: .window(low: try number(.low), high: try number(.high))
      }
    if let reason = Self.reason(against: kind) {
      throw DecodingError.dataCorruptedError(forKey: .low, in: container, debugDescription: reason)
    }
    self.init(kind)
  }

  /// Writes the form of JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch kind {
    case .percentile(let low, let high):
      try container.encode(Name.percentile, forKey: .kind)
      try container.encode(low, forKey: .low)
      try container.encode(high, forKey: .high)
    case .zScore: try container.encode(Name.zScore, forKey: .kind)
    case .window(let low, let high):
      try container.encode(Name.window, forKey: .kind)
      try container.encode(low, forKey: .low)
      try container.encode(high, forKey: .high)
    }
  }
}

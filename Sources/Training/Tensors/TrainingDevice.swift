/// Where tensors live and are computed.
public enum TrainingDevice: String, Sendable, Hashable, Codable, CaseIterable {
  case cpu, cuda

  var isCUDA: Bool { self == .cuda }
}

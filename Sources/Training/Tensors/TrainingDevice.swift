/// Where tensors live and are computed.
package enum TrainingDevice: String, Sendable, Hashable, Codable, CaseIterable {
  case cpu, cuda

  var isCUDA: Bool { self == .cuda }
}

/// What convolutions compute in; parameters, losses and the optimizer are f32 either way.
package enum TrainingPrecision: String, Sendable, Hashable, Codable, CaseIterable {
  case f32, bf16
}

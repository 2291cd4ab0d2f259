/// What convolutions compute in; parameters, losses and the optimiser are f32 either way.
public enum TrainingPrecision: String, Sendable, Hashable, Codable, CaseIterable {
  case f32, bf16
}

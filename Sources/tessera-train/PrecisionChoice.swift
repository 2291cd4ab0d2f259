#if Training
  import ArgumentParser
  import Inference
  import Training

  /// What `--precision` takes.
  enum PrecisionChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, f32, bf16

    /// What a new run computes in.
    ///
    /// `auto` is bf16 on a processor that multiplies it, as for `tessera translate`; elsewhere libtorch is
    /// hundreds of times slower in bf16 than in f32.
    func precision(on device: TrainingDevice) -> TrainingPrecision {
      switch self {
      case .auto: device == .cpu && InferenceEngine.processorHasBF16 ? .bf16 : .f32
      case .f32: .f32
      case .bf16: .bf16
      }
    }
  }
#endif

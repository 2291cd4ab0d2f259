/// Everything that a run is made from; `config.json` holds it.
public struct TrainingSettings: Sendable, Hashable, Codable {
  /// The method.
  public var method: MethodName
  /// The folder of training data.
  public var data: String
  /// What the method does differently from what was published.
  public var options = MethodOptions()
  /// What is read, and how it is varied.
  public var reading = DataOptions()
  /// Epochs at the full learning rate (`n_epochs`).
  public var epochs: Int
  /// Epochs over which it falls (`n_epochs_decay`).
  public var epochsDecay: Int
  /// Steps after which the run ends in any case.
  public var maxSteps: Int?
  /// Steps after which a training state is saved, besides those that are due by the clock.
  public var saveEvery: Int?
  /// Examples of a step (`batch_size`).
  public var batchSize = 1
  /// How the learning rate falls (`lr_policy`).
  public var schedule = LearningSchedule.linear
  /// Share of the generator's moving average that stays at each step; nil keeps no average.
  public var ema: Double?
  /// A network whose features results are compared by: an ONNX file.
  public var perceptual: String?
  /// A checkpoint whose parameters the generator starts from (`load_pretrain`).
  public var initial: String?
  /// Where all random numbers come from.
  public var seed: UInt64 = 0
  /// What convolutions compute in.
  public var precision = TrainingPrecision.f32
  /// Where tensors are.
  public var device = TrainingDevice.cpu
  /// Threads of libtorch; the same number gives the same bytes.
  public var threads: Int

  /// Makes the published settings of a method.
  public init(_ method: MethodName, data: String, threads: Int) {
    (self.method, self.data, self.threads) = (method, data, threads)
    (epochs, epochsDecay) = method.epochs
  }

  /// What its data have to be: pictures of a pair where a method is told to use that they are one.
  var kind: Dataset.Kind {
    if method == .pix2pixhd && reading.labelClasses == 0 { return .paired }
    return (options.lambdaPaired ?? 0) > 0 ? .paired : method.kind
  }

  /// Whether each source has a target of its own.
  public var learnsPairs: Bool { kind == .paired }

  /// The method's settings; Pix2Pix's U-Net halves as often as the crops allow, up to 256 px.
  func configuration() throws(TrainingError) -> MethodOptions.Configuration {
    var options = options
    let crop = reading.cropSize
    if method == .pix2pix, options.generator == nil,
      reading.preprocess != .none, reading.preprocess != .scaleWidth
    {
      options.generator = .unet(side: min(256, max(32, crop & -crop)))
    }
    return try options.configuration(of: method)
  }

  /// Refuses changes that a run cannot take while it goes on.
  ///
  /// Its length, its states, device and threads may change.
  public func checkResuming(
    _ before: TrainingSettings, run: String
  ) throws(TrainingError) {
    var allowed = before
    allowed.epochs = epochs
    allowed.epochsDecay = epochsDecay
    allowed.maxSteps = maxSteps
    allowed.saveEvery = saveEvery
    allowed.device = device
    allowed.threads = threads
    allowed.data = data
    guard allowed != self else { return }
    let names = Self.differences(allowed, self)
    throw TrainingError(
      run, "resuming the run",
      "it was begun with another \(names.joined(separator: ", ")): leave that out, or start a new run"
    )
  }

  /// Names of the fields that differ.
  private static func differences(_ a: TrainingSettings, _ b: TrainingSettings) -> [String] {
    func fields(_ value: Any, _ prefix: String) -> [String: String] {
      let children = Mirror(reflecting: value).children
      var found: [String: String] = [:]
      for child in children {
        let name = child.label ?? ""
        if child.value is MethodOptions || child.value is DataOptions {
          found.merge(fields(child.value, name)) { $1 }
        } else {
          found[name] = "\(child.value)"
        }
      }
      return found
    }
    let (before, after) = (fields(a, ""), fields(b, ""))
    return before.keys.filter { before[$0] != after[$0] }.sorted()
  }
}

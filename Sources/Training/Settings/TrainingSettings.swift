import Base
import Foundation

/// Everything that a run is made from; `config.json` holds it.
package struct TrainingSettings: Sendable, Hashable {
  /// The method with its options.
  package var method: ChosenMethod
  /// The folder of training data.
  package var data: String
  /// What is read, and how it is varied.
  package var reading = DataOptions()
  /// What is held out of the training folder for validation, as ``HeldOut`` names it; nil until it is
  /// chosen.
  package internal(set) var heldOut: [String]?
  /// Epochs at the full learning rate (`n_epochs`).
  package var epochs: Int
  /// Epochs over which it falls (`n_epochs_decay`).
  package var epochsDecay: Int
  /// Steps after which the run ends in any case.
  package var maxSteps: Int?
  /// Steps after which a training state is saved, besides those that are due by the clock.
  package var saveEvery: Int?
  /// Examples of a step (`batch_size`).
  package var batchSize = 1
  /// How the learning rate falls (`lr_policy`).
  package var schedule = LearningSchedule.linear
  /// Share of the generator's moving average that stays at each step; nil keeps no average.
  package var ema: Double?
  /// A checkpoint whose parameters the generator starts from (`load_pretrain`).
  package var initial: String?
  /// Where all random numbers come from.
  package var seed: UInt64 = 0
  /// What convolutions compute in.
  package var precision = TrainingPrecision.f32
  /// Where tensors are.
  package var device = TrainingDevice.cpu
  /// Threads of libtorch; the same number gives the same bytes.
  package var threads: Int

  /// Makes the published settings of a method.
  package init(_ method: ChosenMethod, data: String, threads: Int) {
    (self.method, self.data, self.threads) = (method, data, threads)
    (epochs, epochsDecay) = type(of: method.configuration).epochs
  }

  /// What its data have to be: pictures of a pair where a method is told to use that they are one.
  var kind: Dataset.Kind { method.configuration.kind(reading) }

  /// Whether each source has a target of its own.
  package var learnsPairs: Bool { kind == .paired }

  /// The method's configuration, with what follows from how data are read.
  func configuration() throws(TesseraError) -> any MethodConfiguration {
    var configuration = method.configuration
    configuration.adapt(to: reading)
    try configuration.check()
    return configuration
  }

  /// Refuses changes that a run cannot take while it goes on.
  ///
  /// Its length, its states, device and threads may change.
  package func checkResuming(_ before: TrainingSettings, run: String) throws(TesseraError) {
    var allowed = before
    allowed.epochs = epochs
    allowed.epochsDecay = epochsDecay
    allowed.maxSteps = maxSteps
    allowed.saveEvery = saveEvery
    allowed.device = device
    allowed.threads = threads
    allowed.data = data
    guard allowed != self else { return }
    let (old, new) = (allowed.table, table)
    let names = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
    throw TesseraError(
      run, "resuming the run",
      "it was begun with another \(names.joined(separator: ", ")): leave that out, or start a new run"
    )
  }

  /// Every setting by its name, as the page of a run shows them.
  var table: [String: String] {
    guard let data = try? JSONEncoder().encode(self),
      let object = try? JSONSerialization.jsonObject(with: data)
    else { return [:] }
    var found: [String: String] = [:]
    func walk(_ value: Any, _ name: String) {
      switch value {
      case let fields as [String: Any]: for (key, field) in fields { walk(field, key) }
      case is NSNull: break
      case let list as [Any]: found[name] = list.map { "\($0)" }.joined(separator: ", ")
      case let flag as Bool where "\(type(of: value))".contains("Bool"):
        found[name] = flag ? "yes" : "no"
      default: found[name] = "\(value)"
      }
    }
    walk(object, "")
    return found
  }
}

extension TrainingSettings: Codable {
  private enum Key: String, CodingKey {
    case method, options, data, reading, heldOut, epochs, epochsDecay, maxSteps, saveEvery
    case batchSize, schedule, ema, perceptual, initial, seed, precision, device, threads
  }

  /// Writes the record.
  package func encode(to encoder: any Encoder) throws {
    var record = encoder.container(keyedBy: Key.self)
    try record.encode(method.name, forKey: .method)
    try record.encode(method, forKey: .options)
    try record.encode(data, forKey: .data)
    try record.encode(reading, forKey: .reading)
    // Null where it is not chosen yet: a record without it is of a version that held nothing out.
    try record.encode(heldOut, forKey: .heldOut)
    try record.encode(epochs, forKey: .epochs)
    try record.encode(epochsDecay, forKey: .epochsDecay)
    try record.encodeIfPresent(maxSteps, forKey: .maxSteps)
    try record.encodeIfPresent(saveEvery, forKey: .saveEvery)
    try record.encode(batchSize, forKey: .batchSize)
    try record.encode(schedule, forKey: .schedule)
    try record.encodeIfPresent(ema, forKey: .ema)
    try record.encodeIfPresent(initial, forKey: .initial)
    try record.encode(seed, forKey: .seed)
    try record.encode(precision, forKey: .precision)
    try record.encode(device, forKey: .device)
    try record.encode(threads, forKey: .threads)
  }

  /// Reads the record of a run, also of one that an earlier version began.
  package init(from decoder: any Decoder) throws {
    let record = try decoder.container(keyedBy: Key.self)
    method = try ChosenMethod(
      try record.decode(String.self, forKey: .method),
      from: try record.superDecoder(forKey: .options))
    if let path = try record.decodeIfPresent(String.self, forKey: .perceptual) {
      try method.set("perceptual", path)
    }
    data = try record.decode(String.self, forKey: .data)
    reading = try record.decode(DataOptions.self, forKey: .reading)
    heldOut =
      record.contains(.heldOut) ? try record.decode([String]?.self, forKey: .heldOut) : []
    epochs = try record.decode(Int.self, forKey: .epochs)
    epochsDecay = try record.decode(Int.self, forKey: .epochsDecay)
    maxSteps = try record.decodeIfPresent(Int.self, forKey: .maxSteps)
    saveEvery = try record.decodeIfPresent(Int.self, forKey: .saveEvery)
    batchSize = try record.decode(Int.self, forKey: .batchSize)
    schedule = try record.decode(LearningSchedule.self, forKey: .schedule)
    ema = try record.decodeIfPresent(Double.self, forKey: .ema)
    initial = try record.decodeIfPresent(String.self, forKey: .initial)
    seed = try record.decode(UInt64.self, forKey: .seed)
    precision = try record.decode(TrainingPrecision.self, forKey: .precision)
    device = try record.decode(TrainingDevice.self, forKey: .device)
    threads = try record.decode(Int.self, forKey: .threads)
    let place = decoder.codingPath.map { "\($0.stringValue)." }.joined()
    if let fault = SettingBounds.fault(of: self, in: place) { throw JSONFault(fault) }
  }
}

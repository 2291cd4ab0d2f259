#if Training
  import ArgumentParser
  import CommandLineConduct
  import Training

  extension LearningSchedule: ExpressibleByArgument {}
  extension TrainingDevice: ExpressibleByArgument {}

  /// How long a run lasts, where it is written and what computes it.
  struct RunArguments: ParsableArguments {
    @Option(
      name: .shortAndLong, help: ArgumentHelp("The folder of the run.", valueName: "run"))
    var output: String

    @Flag(help: "Go on with the run in --output, with its own settings.")
    var resume = false

    @Option(
      help: "Epochs at the full learning rate (100; cut 200, fastcut 150, spade 50).")
    var epochs: Int?

    @Option(help: "Epochs over which it falls to 0 (100; cut 200, fastcut 50, spade 0).")
    var epochsDecay: Int?

    @Option(help: "End after so many steps in any case.")
    var maxSteps: Int?

    @Option(help: "Examples a step (1).")
    var batchSize: Int?

    @Option(help: "How the learning rate falls: linear, step, plateau or cosine (linear).")
    var schedule: LearningSchedule?

    @Option(help: "Keep a moving average of the generator, of which this share stays, as 0.999.")
    var ema: Double?

    @Option(help: ArgumentHelp("Start the generator from a checkpoint.", valueName: "file"))
    var loadPretrain: String?

    @Option(help: "Save a training state every so many steps, besides every 5 minutes.")
    var saveEvery: Int?

    @Option(help: "Where all random numbers come from (0).")
    var seed: UInt64?

    @Option(
      help: "What convolutions compute in: auto is bf16 where the processor multiplies it (f32).")
    var precision: PrecisionChoice?

    @Option(help: "cpu or cuda (cpu).")
    var device: TrainingDevice?

    @Option(
      help: "Threads of the arithmetic (all processors); the same number gives the same bytes.")
    var threads: Int?

    mutating func validate() throws {
      let counts = [
        ("--epochs", epochs, 0), ("--epochs-decay", epochsDecay, 0), ("--max-steps", maxSteps, 1),
        ("--batch-size", batchSize, 1), ("--save-every", saveEvery, 1), ("--threads", threads, 1),
      ]
      for (name, value, least) in counts {
        if let value, !(least...1_000_000_000).contains(value) {
          throw ValidationError("\(name) takes a number from \(least) on.")
        }
      }
      if let ema, !(ema > 0 && ema < 1) { throw ValidationError("--ema takes a share below 1.") }
    }

    func apply(to settings: inout TrainingSettings) {
      if let epochs { settings.epochs = epochs }
      if let epochsDecay { settings.epochsDecay = epochsDecay }
      if let maxSteps { settings.maxSteps = maxSteps }
      if let batchSize { settings.batchSize = batchSize }
      if let schedule { settings.schedule = schedule }
      if let ema { settings.ema = ema }
      if let loadPretrain { settings.initial = loadPretrain }
      if let saveEvery { settings.saveEvery = saveEvery }
      if let seed { settings.seed = seed }
      if let device { settings.device = device }
      // A run goes on in what it was begun in.
      if let precision, !(resume && precision == .auto) {
        settings.precision = precision.precision(on: settings.device)
      }
      if let threads { settings.threads = threads }
    }
  }
#endif

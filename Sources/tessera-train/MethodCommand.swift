#if Training
  import ArgumentParser
  import Base
  import Terminal
  import Foundation
  import Inference
  import TileIO
  import TesseraPlugin
  import Training
  import Translation

  /// `tessera train METHOD`.
  struct MethodCommand<Method: MethodOptions>: ParsableCommand {
    static var configuration: CommandConfiguration {
      // They are all there then.
      let isComplete = CommandLine.arguments.contains("--help-hidden")
      return CommandConfiguration(
        commandName: Method.name, abstract: Method.summary,
        discussion: """
            tessera train \(Method.name) --data \(Method.takesLabels ? "cityscapes" : "photos") --output run
            tessera train \(Method.name) --output run --resume
          """
            + (isComplete
              ? ""
              : """


              'tessera train \(Method.name) --help-hidden' adds the rarer options of runs, data and volumes.
              """))
    }

    @OptionGroup(title: "\(Method.title)") var methodArguments: MethodArguments<Method>
    @OptionGroup(title: "Run") var runArguments: RunArguments<Method>
    @OptionGroup(title: "Data") var dataArguments: DataArguments
    @OptionGroup(title: "Label map", visibility: Method.takesLabels ? .default : .hidden)
    var labelArguments: LabelArguments
    @OptionGroup(title: "Volume", visibility: .hidden) var volumeArguments: VolumeArguments

    @Option(
      help: ArgumentHelp(
        "Show progress as a bar, as json or not at all (none); auto is a bar on a terminal.",
        valueName: "name", visibility: .hidden))
    var progress = ProgressStyle.auto

    @Flag(help: "Print errors only.")
    var quiet = false

    func run() throws {
      Interruption.listen()
      try CommandRunner.run { try train() }
    }

    private func train() throws {
      let (directory, settings) = try open()
      let volume = try volume(directory, settings)
      let display = TrainingDisplay(quiet ? .none : progress)
      var observer = Trainer.Observer()
      observer.progress = { display.show($0) }
      observer.note = { text in if !quiet { display.aside { Console.complain(text) } } }
      observer.warn = { text in display.aside { Console.complain("warning: \(text)") } }
      observer.isCancelled = { Interruption.isRequested }
      observer.publish = {
        try TrainedPackage(of: $0, run: directory, volume: volume).write(to: directory.package)
      }
      let trainer: Trainer
      do { trainer = try Trainer(directory, settings, observer: observer) } catch {
        if !runArguments.resume { directory.abandon() }
        throw error
      }
      defer { display.end() }
      let outcome = try trainer.train()
      display.end()
      guard outcome == .finished else { throw Interruption.exitCode }
      Console.result("\(directory.path)  \(settings.method.name), \(trainer.steps) steps")
      Console.result("see \(directory.report); translate with --model \(directory.package)")
    }

    /// A new run with what was chosen, or the one that is there with what may change.
    private func open() throws -> (RunDirectory, TrainingSettings) {
      let output = runArguments.output
      guard runArguments.resume else {
        guard let data = dataArguments.data else {
          throw UsageError("--data: the folder of training data is missing")
        }
        guard let method = ChosenMethod(named: Method.name) else {
          throw UsageError("\(Method.name): there is no such method")
        }
        var settings = TrainingSettings(
          method, data: data, threads: WorkerPool.availableProcessors)
        try apply(to: &settings)
        guard canCompute(settings) else {
          throw UsageError(
            "--precision bf16: this processor has no bf16 arithmetic; use auto or f32")
        }
        // What cannot work shall leave no folder behind; what only the data tell, `train` clears away.
        let slices = try slices(settings)
        try Trainer.check(settings, hasData: slices == nil)
        slices?.apply(to: &settings, run: output)
        let directory = try RunDirectory.create(
          at: output, method: Method.name, settings: settings)
        do {
          try slices?.write(run: output) { if !quiet { Console.complain($0) } }
        } catch {
          directory.abandon()
          throw error
        }
        return (directory, settings)
      }
      guard !volumeArguments.isUsed else {
        throw UsageError(
          "--planes, --spacing and so on: the slices of \(output) have been cut; start another run to"
            + " cut them in another way")
      }
      let directory = try RunDirectory.resume(at: output, method: Method.name)
      let before = try directory.settings(as: TrainingSettings.self)
      var settings = before
      try apply(to: &settings)
      try settings.checkResuming(before, run: output)
      guard canCompute(settings) else {
        throw TesseraError(
          output, "resuming the run",
          "it was begun in bf16, which this processor has no arithmetic for: resume it on one that has, or"
            + " start a new run with --precision auto")
      }
      if settings != before { try directory.write(settings) }
      return (directory, settings)
    }

    /// Without arithmetic for it, a step in bf16 takes minutes.
    private func canCompute(_ settings: TrainingSettings) -> Bool {
      settings.precision == .f32 || settings.device == .cuda || InferenceEngine.processorHasBF16
    }

    #if Volumes
      /// The slices to prepare where the data are volumes.
      private func slices(_ settings: TrainingSettings) throws -> VolumeData? {
        try VolumeData(settings, volumeArguments)
      }

      private func volume(
        _ directory: RunDirectory, _ settings: TrainingSettings
      ) throws -> SliceFormat? {
        try VolumeData.format(run: directory.path, settings)
      }
    #else
      private struct NoVolumes {
        func apply(to: inout TrainingSettings, run: String) {}
        func write(run: String, told: (String) -> Void) throws {}
      }

      private func slices(_ settings: TrainingSettings) throws -> NoVolumes? {
        guard volumeArguments.isUsed else { return nil }
        throw UsageError("--planes, --spacing and so on: this tessera was built without volumes")
      }

      private func volume(
        _ directory: RunDirectory, _ settings: TrainingSettings
      ) throws -> SliceFormat? { nil }
    #endif

    private func apply(to settings: inout TrainingSettings) throws(TesseraError) {
      runArguments.apply(to: &settings)
      dataArguments.apply(to: &settings)
      labelArguments.apply(to: &settings)
      for (option, value) in methodArguments.given { try settings.method.set(option, value) }
    }
  }
#endif

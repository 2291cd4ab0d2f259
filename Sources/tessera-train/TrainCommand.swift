#if Training
  import ArgumentParser
  import CommandLineConduct
  import Foundation
  import Inference
  import TileIO
  import Training
  import Translation

  extension MethodName: ExpressibleByArgument {}

  /// `tessera train`, a program of its own: libtorch takes its time and memory when it is loaded.
  @main
  struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tessera train",
      abstract: "Learns a translation from examples, and leaves a model package.",
      discussion: """
        Methods, with the defaults of their papers:
          pix2pix    pairs; U-Net, BCE + 100 L1 (Isola et al. 2017)
          cyclegan   two domains without pairs; ResNet-9, LSGAN + 10 cycle + 5 identity (Zhu et al. 2017)
          cut        the same with one generator; LSGAN + PatchNCE (Park et al. 2020)
          fastcut    cut without identity, ten times the contrast, equivariant to mirroring
          spade      label maps to pictures; hinge + 10 features (Park et al. 2019)
          pix2pixhd  label maps or pairs; LSGAN at several sizes + 10 features (Wang et al. 2018)
        DIR holds trainA and trainB; or train with A and B side by side; or A/train and B/train; or \
        train_label and train_img, with train_inst where instances are known. What is in testA, val \
        and so on is held out for validation. A/train and B/train, or trainA and trainB, may hold \
        volumes: their slices are learned from.
        RUN gets config.json, loss.csv, validation.csv, index.html, samples, checkpoints and package:
          tessera train pix2pix --data facades --output run
          tessera train cut --data summer2winter --output run --crop-size 128 --load-size 143
          tessera train cut --output run --resume
          tessera train pix2pix --data mr-ct --output run --planes axial --neighbours 1
          tessera translate photo.jpg --output winter.jpg --model run/package
        """)

    @Argument(help: ArgumentHelp("The method.", valueName: "method"))
    var method: MethodName

    @OptionGroup(title: "Run") var runArguments: RunArguments
    @OptionGroup(title: "Data") var dataArguments: DataArguments
    @OptionGroup(title: "Volumes") var volumeArguments: VolumeArguments
    @OptionGroup(title: "Networks and losses") var methodArguments: MethodArguments

    @Option(help: "How progress is shown: auto, bar, json or none.")
    var progress = ProgressStyle.auto

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    func run() throws {
      Interruption.listen()
      try Conduct.run {
        do { try train() } catch let error as TrainingError {
          // It names its file itself.
          Console.complain(error.message)
          throw ExitCode.badData
        }
      }
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
      Console.result("\(directory.path)  \(settings.method.rawValue), \(trainer.steps) steps")
      Console.result("see \(directory.report); translate with --model \(directory.package)")
    }

    /// A new run with what was chosen, or the one that is there with what may change.
    private func open() throws -> (RunDirectory, TrainingSettings) {
      let output = runArguments.output
      guard runArguments.resume else {
        guard let data = dataArguments.data else {
          throw UsageError("--data: the folder of training data is missing")
        }
        var settings = TrainingSettings(
          method, data: data, threads: WorkerPool.availableProcessors)
        apply(to: &settings)
        guard canCompute(settings) else {
          throw UsageError(
            "--precision bf16: this processor has no bf16 arithmetic; use auto or f32")
        }
        // What cannot work shall leave no folder behind; what only the data tell, `train` clears away.
        let slices = try slices(settings)
        try Trainer.check(settings, hasData: slices == nil)
        slices?.apply(to: &settings, run: output)
        let directory = try RunDirectory.create(
          at: output, method: method.rawValue, settings: settings)
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
      let directory = try RunDirectory.resume(at: output, method: method.rawValue)
      let before = try directory.settings(as: TrainingSettings.self)
      var settings = before
      apply(to: &settings)
      try settings.checkResuming(before, run: output)
      guard canCompute(settings) else {
        throw TrainingError(
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

    private func apply(to settings: inout TrainingSettings) {
      runArguments.apply(to: &settings)
      dataArguments.apply(to: &settings)
      methodArguments.apply(to: &settings.options)
      if let perceptual = methodArguments.perceptual { settings.perceptual = perceptual }
    }
  }
#else
  import CommandLineConduct
  import Foundation

  /// Stands in where the package was built without the trait Training.
  @main
  enum TrainCommand {
    static func main() {
      Console.complain(
        "train: this tessera was built without training; build it with the trait Training")
      exit(64)
    }
  }
#endif

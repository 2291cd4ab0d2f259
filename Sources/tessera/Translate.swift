import ArgumentParser
import Base
import Batch
import Terminal
import TesseraPlugin
import TileIO
import Translation

extension OutputOptions.Profile: ExpressibleByArgument {}
extension OutputOptions.Compression: ExpressibleByArgument {}
extension OutputDepth: ExpressibleByArgument {}

/// What of a slide is written.
enum Crop: String, CaseIterable, ExpressibleByArgument {
  case scanned
}

/// `tessera translate`.
struct Translate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Translates images and volumes, one file or whole directories.",
    discussion: """
      One slide into a pyramid that opens in OpenSlide and QuPath:
        tessera translate slide.svs --output slide.tif --pair stain-normalization
      A directory with all its subdirectories; a rerun does only what is missing:
        tessera translate slides --output normalised --pair stain-normalization --recursive
      With a network, made a package by 'tessera import':
        tessera translate slide.svs --output slide.tif --model horse2zebra
      A volume, on its own grid; without an ending, the output is a folder of DICOM slices:
        tessera translate mri.nii.gz --output ct.nii.gz --pair mri-to-ct
        tessera translate series --output ct-series --pair mri-to-ct

      Files that Tessera did not make, or that changed since, are replaced only with --overwrite. \
      Exit status: 0 all done, 1 some inputs failed, 64 wrong usage, 65 the only input is unusable, \
      75 a single input changed while it was read, 130 or 143 stopped by a signal.
      """)

  @Argument(help: ArgumentHelp("Images, or directories of images.", valueName: "input"))
  var inputs: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write here: a file, whose extension chooses the format, or a directory for several inputs.",
      valueName: "path"))
  var output: String

  @OptionGroup var pairArguments: PairArguments

  @OptionGroup var network: ModelArguments

  @Option(
    help: ArgumentHelp(
      "Keep what was measured on the image here; a directory for several inputs.",
      valueName: "path"))
  var saveCalibration: String?

  @Option(
    help: ArgumentHelp(
      "Use this target: a file made by 'tessera fit', or an image to fit.", valueName: "file"))
  var reference: String?

  @Flag(help: "Look into subdirectories too.")
  var recursive = false

  @OptionGroup var plane: PlaneArguments

  @Option(
    help:
      "Crop slides to what was scanned (scanned), where the file names it; by default all is written."
  )
  var crop: Crop?

  @OptionGroup var area: FitAreaArguments

  @Option(
    help: ArgumentHelp(
      "Translate inside of these polygons only, GeoJSON as QuPath exports it; a directory of NAME.geojson for several inputs.",
      valueName: "path"))
  var region: String?

  @Option(help: "Cut windows of this side in px; the output does not depend on it.")
  var tile: Int?

  @Option(help: "Write samples of 8 or 16 bits, or floats (default: as the input).")
  var depth: OutputDepth?

  @Flag(
    help: "Pass pixels outside of the pair's foreground, such as tissue, through byte for byte.")
  var keepBackground = false

  @Option(
    help:
      "Lay a TIFF out as generic, aperio or ome (default: by the output's name, else aperio for slides in colour)."
  )
  var profile: OutputOptions.Profile?

  @Option(
    help:
      "Compress a TIFF by jpeg, lzw, deflate, zstd or none (default: jpeg if the input is lossy, else deflate)."
  )
  var compression: OutputOptions.Compression?

  @Option(help: "Set the quality of lossy compression, 1 to 100.")
  var quality = 90

  @Flag(
    inversion: .prefixedNo,
    help:
      "Skip outputs that are complete and were made with the same parameters (default for directories)."
  )
  var resume: Bool?

  @Flag(
    help:
      "Replace files that exist, whoever made them; with --resume, not finished outputs."
  )
  var overwrite = false

  @Flag(help: "Say what would be done and write nothing.")
  var dryRun = false

  @Option(
    help: "Show progress as a bar, as json or not at all (none); auto is a bar on a terminal.")
  var progress = ProgressStyle.auto

  @Flag(help: "Print one JSON object per input.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  @OptionGroup var machine: MachineArguments

  mutating func validate() throws {
    if let tile, !(16...65536).contains(tile) {
      throw ValidationError("--tile takes a number from 16 to 65536.")
    }
    guard (1...100).contains(quality) else {
      throw ValidationError("--quality takes a number from 1 to 100.")
    }
  }

  func run() throws {
    Interruption.listen()
    try CommandRunner.run {
      let pool = machine.pool
      let chosen = try pairArguments.resolve(
        network, tile: tile, pool: pool, others: inputs + [output])
      let pair = chosen.pair
      let description = pair.description
      let ending = description.calibrationEnding
      guard saveCalibration == nil || ending != nil else {
        throw UsageError(
          "--save-calibration: the pair \(description.id) measures nothing that could be kept; leave it"
            + " out")
      }
      let plan = try BatchPlan(
        inputs: inputs, output: output, isRecursive: recursive,
        takesStacks: description.takesVolumes,
        others: [reference, network.calibration, network.model].compactMap(\.self)
          + chosen.further.paths + [area.mask, region].compactMap(\.self),
        calibrations: saveCalibration, calibrationEnding: ending ?? "")
      var translation = TranslationSettings(pair, options: chosen.options)
      if let reference {
        translation.reference = try ReferenceFile.load(
          reference, pair: pair, options: chosen.options, engine: TranslationEngine(pool: pool),
          limits: machine.limits)
      }
      translation.tile = tile
      translation.keepBackground = keepBackground
      translation.depth = depth
      translation.fitArea = try area.read()
      if let misuse = translation.misuse { throw UsageError(misuse) }
      var settings = BatchSettings(translation)
      settings.output = OutputOptions(profile: profile, compression: compression, quality: quality)
      settings.limits = machine.limits
      settings.content = ImageContent(description.input)
      settings.page = plane.index
      settings.channel = plane.channel
      settings.isCropped = crop == .scanned
      settings.fitAreaFile = try area.digest()
      settings.regions = try region.map { try RegionFiles($0, plan) }
      settings.pairFiles = chosen.files
      settings.further = chosen.further
      settings.resumes = resume ?? (!overwrite && plan.directory != nil)
      settings.overwrites = overwrite
      settings.isDryRun = dryRun
      try refuseOverwriting(plan)
      if !dryRun { chosen.prepare() }
      try execute(plan, settings, pool)
    }
  }

  /// A single file that is there was made by somebody; only a batch knows its own outputs.
  private func refuseOverwriting(_ plan: BatchPlan) throws(UsageError) {
    guard plan.directory == nil, !overwrite, resume != true else { return }
    for path in [plan.items[0].output, saveCalibration].compactMap(\.self)
    where OutputFile.isTaken(path) {
      throw UsageError(
        "\(path): planning outputs: the file exists; use --overwrite to replace it")
    }
  }

  private func execute(_ plan: BatchPlan, _ settings: BatchSettings, _ pool: WorkerPool) throws {
    let report = ProgressReport(progress, images: plan.items.count, isQuiet: quiet)
    let (json, quiet) = (json, quiet)
    let runner = BatchRunner(
      pool: pool, settings: settings,
      observer: .init(
        progress: { report.progress($0, $1, $2) },
        ended: { outcome in
          report.ended(outcome)
          report.aside { OutcomeLine.print(outcome, asJSON: json, isQuiet: quiet) }
        },
        isCancelled: { Interruption.isRequested }))
    let outcomes = runner.run(plan)
    if Interruption.isRequested { throw Interruption.exitCode }
    let failed = outcomes.filter { $0.status == .failed }
    if outcomes.count > 1, !quiet, !json {
      Console.result(OutcomeLine.summary(outcomes))
    }
    guard let first = failed.first else { return }
    if first.isTemporary, plan.directory == nil { throw ExitCode.temporary }
    let isOnlyInput = outcomes.count == 1 && first.isInputUnusable
    throw isOnlyInput ? ExitCode.badData : ExitCode.someFailed
  }
}

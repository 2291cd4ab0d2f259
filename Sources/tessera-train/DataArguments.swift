#if Training
  import ArgumentParser
  import Terminal
  import Training

  extension DataOptions.Preprocess: ExpressibleByArgument {}
  extension DataOptions.Direction: ExpressibleByArgument {}

  /// What is read, and how it is varied.
  struct DataArguments: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of training data.", valueName: "dir"))
    var data: String?

    @Option(
      help: ArgumentHelp("Which domain is the source (AtoB).", valueName: "name"))
    var direction: DataOptions.Direction?

    @Option(
      help: ArgumentHelp(
        "What is done to pictures first (resize_and_crop).",
        valueName: "name", visibility: .hidden))
    var preprocess: DataOptions.Preprocess?

    @Option(help: ArgumentHelp("Side that pictures are resized to (286).", valueName: "px"))
    var loadSize: Int?

    @Option(
      help: ArgumentHelp("Side of the random squares that are cut out (256).", valueName: "px"))
    var cropSize: Int?

    @Flag(help: ArgumentHelp("Do not mirror half of the pictures.", visibility: .hidden))
    var noFlip = false

    @Flag(help: ArgumentHelp("Turn pictures by right angles at random.", visibility: .hidden))
    var turns = false

    @Option(
      help: ArgumentHelp(
        "Vary amounts of stain by up to this share (0).", valueName: "x", visibility: .hidden))
    var stainJitter: Double?

    @Flag(help: ArgumentHelp("Take pictures in the order of their names.", visibility: .hidden))
    var serialBatches = false

    @Option(
      help: ArgumentHelp(
        "Squares that an epoch takes of a slide (100).", valueName: "n", visibility: .hidden))
    var cropsPerSlide: Int?

    @Option(
      help: ArgumentHelp(
        "Channels of the source (as its first picture).", valueName: "n", visibility: .hidden))
    var sourceChannels: Int?

    @Option(
      help: ArgumentHelp(
        "Channels of the target (as its first picture).", valueName: "n", visibility: .hidden))
    var targetChannels: Int?

    @Option(
      help: ArgumentHelp(
        "Source values that become black and white.",
        valueName: "low..high", visibility: .hidden), transform: Self.window)
    var sourceWindow: [Float]?

    @Option(
      help: ArgumentHelp(
        "Target values that become black and white.", valueName: "low..high", visibility: .hidden),
      transform: Self.window)
    var targetWindow: [Float]?

    @Option(
      help: ArgumentHelp(
        "Hold out so many pictures, patients or slides of each domain where there is no val folder (a tenth).",
        valueName: "n"))
    var holdOut: Int?

    mutating func validate() throws {
      if let fault = SettingBounds.fault(ofOptions: apply) { throw ValidationError(fault) }
    }

    func apply(to settings: inout TrainingSettings) {
      if let data { settings.data = data }
      if let direction { settings.reading.direction = direction }
      if let preprocess { settings.reading.preprocess = preprocess }
      if let loadSize { settings.reading.loadSize = loadSize }
      if let cropSize { settings.reading.cropSize = cropSize }
      if noFlip { settings.reading.flips = false }
      if turns { settings.reading.turns = true }
      if let stainJitter { settings.reading.stainJitter = stainJitter }
      if serialBatches { settings.reading.isSerial = true }
      if let cropsPerSlide { settings.reading.cropsPerSlide = cropsPerSlide }
      if let sourceChannels { settings.reading.sourceChannels = sourceChannels }
      if let targetChannels { settings.reading.targetChannels = targetChannels }
      if let sourceWindow { settings.reading.sourceWindow = sourceWindow }
      if let targetWindow { settings.reading.targetWindow = targetWindow }
      if let holdOut { settings.reading.holdOut = holdOut }
    }

    private static func window(_ text: String) throws -> [Float] {
      let parts = text.split(separator: "..", omittingEmptySubsequences: false).map { Float($0) }
      guard parts.count == 2, let low = parts[0], let high = parts[1], low < high, low.isFinite,
        high.isFinite
      else { throw ValidationError("a window is two rising numbers, as in -1000..2000.") }
      return [low, high]
    }
  }

  /// How label maps are read.
  struct LabelArguments: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "Classes of label maps (as many as are found); 0 lets pix2pixhd learn from pictures.",
        valueName: "n"))
    var labelClasses: Int?

    @Option(
      help: ArgumentHelp(
        "Colours of the classes where maps are coloured: auto finds them.", valueName: "auto|file"))
    var palette: String?

    @Flag(help: "Leave maps of instances aside.")
    var noInstance = false

    mutating func validate() throws {
      if let fault = SettingBounds.fault(ofOptions: apply) { throw ValidationError(fault) }
    }

    func apply(to settings: inout TrainingSettings) {
      if let labelClasses { settings.reading.labelClasses = labelClasses }
      if let palette { settings.reading.palette = palette }
      if noInstance { settings.reading.usesInstances = false }
    }
  }
#endif

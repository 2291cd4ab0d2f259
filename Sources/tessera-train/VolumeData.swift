#if Training && Volumes
  import Base
  import Terminal
  import Foundation
  import TesseraPlugin
  import TileIO
  import Training
  import Translation
  import VolumeTranslation
  import Volumes

  /// The slices of a run that learns from volumes.
  struct VolumeData {
    private static let folder = RunDirectory.slicesName
    private static let record = RunDirectory.volumeName

    /// The window of Hounsfield units that CT is learned in.
    private static let hounsfield: [Float] = [-1024, 2000]
    private static let deviations: [Float] = [-3, 5]

    private let source: String
    private let dataset: SliceDataset

    /// Describes the slices; nil where `data` holds no volumes.
    init?(_ settings: TrainingSettings, _ arguments: VolumeArguments) throws {
      source = settings.data
      guard VolumeFolders.hold(source) else {
        guard !arguments.isUsed else {
          throw UsageError("\(source): --planes, --spacing and so on need volumes, there are none")
        }
        return nil
      }
      let isReversed = settings.reading.direction == .BtoA
      let (from, to) = try VolumeFolders.modalities(of: source, isReversed: isReversed)
      var format = SliceFormat(planes: arguments.planes ?? [.axial])
      format.spacing = arguments.spacing
      format.neighbors = arguments.neighbors ?? 0
      format.normalization = arguments.normalization ?? Self.usual(from)
      format.mask = arguments.bodyMask ?? true
      format.outside = arguments.outside ?? (to == "CT" ? Self.hounsfield[0] : 0)
      (format.sourceModality, format.targetModality) = (from, to)
      var dataset = SliceDataset(
        format, targetNormalization: arguments.targetNormalization ?? Self.usual(to),
        isReversed: isReversed, pool: WorkerPool(count: settings.threads))
      dataset.pairsDomains = settings.learnsPairs
      self.dataset = dataset
    }

    /// How a kind of volume usually becomes comparable.
    private static func usual(_ modality: String) -> SliceFormat.Normalization {
      modality == "CT"
        ? SliceFormat.Normalization(.none)
        : SliceFormat.Normalization(.percentile, low: 1, high: 99.5)
    }

    /// Lets a run learn from the slices, which are not there yet.
    func apply(to settings: inout TrainingSettings, run: String) {
      settings.data = "\(run)/\(Self.folder)"
      settings.reading.sourceWindow =
        settings.reading.sourceWindow ?? Self.window(of: dataset.format.normalization)
      settings.reading.targetWindow =
        settings.reading.targetWindow ?? Self.window(of: dataset.targetNormalization)
    }

    private static func window(of normalization: SliceFormat.Normalization) -> [Float] {
      switch normalization.kind {
      case .percentile: [0, 1]
      case .zScore: deviations
      case .none: hounsfield
      }
    }

    /// Writes the slices into the folder of the run.
    func write(run: String, told: (String) -> Void) throws {
      try dataset.write(from: source, to: "\(run)/\(Self.folder)", told: told)
      // Last: a run without it was stopped before its slices were complete.
      try AtomicFile.write(
        try JSONEncoder().encode(dataset.format), to: "\(run)/\(Self.record)",
        action: "writing the slices")
    }

    /// How the slices of a run were cut; nil where it learns from pictures.
    static func format(run: String, _ settings: TrainingSettings) throws -> SliceFormat? {
      guard settings.data.hasSuffix("/\(folder)") else { return nil }
      guard let data = try? Data(contentsOf: URL(filePath: "\(run)/\(record)")) else {
        guard FileManager.default.fileExists(atPath: "\(run)/\(folder)") else { return nil }
        throw UsageError(
          "\(run): resuming: it was stopped before its slices were complete; remove it and start again"
        )
      }
      do throws(JSONFault) {
        let format = try StrictDecoder.decode(SliceFormat.self, from: data, takesUnknown: true)
        if let fault = format.fault { throw JSONFault(fault) }
        return format
      } catch {
        throw TesseraError(
          "\(run)/\(record)", "reading how slices were cut",
          quoting: "\(error); correct or restore the file, or start a new run")
      }
    }
  }
#endif

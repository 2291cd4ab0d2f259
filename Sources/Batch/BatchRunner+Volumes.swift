#if Volumes
  import Foundation
  import TesseraPlugin
  import TileIO
  import Translation
  import VolumeTranslation
  import Volumes

  extension BatchRunner {
    /// Translates an item that is a volume, and tells in `outcome` what became of it.
    func translateVolume(
      _ item: BatchItem, gate: SizeGate, _ outcome: inout BatchOutcome
    ) throws {
      let pair = settings.translation.pair
      let file = try VolumeFile.open(item.input)
      let size = file.geometry.size
      (outcome.width, outcome.height, outcome.slices) = (size.x, size.y, size.z)
      if !file.remarks.isEmpty { outcome.note = file.remarks.joined(separator: "; ") }
      if !settings.isDryRun { try BatchRunner.makeDirectory(of: item.output) }
      let output = try VolumeOutput(
        item.output, depth: settings.translation.depth, note: Self.note(pair),
        replaces: settings.replaces)
      if settings.isDryRun {
        outcome.status = .planned
        return
      }
      // A volume is held in memory several times over.
      gate.enter(isLarge: true)
      defer { gate.leave(isLarge: true) }
      let translator = VolumeTranslator(
        engine, settings.translation,
        observer: .init(
          rowsDone: { done, total in observer.progress(item, done, total) },
          isCancelled: observer.isCancelled))
      let result = try translator.translate(try file.read())
      try output.write(result, title: "Synthetic \(result.modality ?? "volume") (Tessera)")
      outcome.status = .translated
    }

    /// What a result says of itself: short, for NIfTI has room for 79 letters.
    private static func note(_ pair: any DomainPair) -> String {
      let version = (pair as? NetworkPair)?.package.manifest.version ?? pair.description.version
      let warning = (pair as? NetworkPair)?.package.manifest.warning
      return "\(warning.map { "\($0) " } ?? "")Tessera \(pair.description.id) \(version)"
    }

    /// Refuses a picture where the pair takes volumes, however its channels may fit.
    func refusePicture() throws(TranslationError) {
      guard let network = settings.translation.pair as? NetworkPair, network.slices != nil else {
        return
      }
      throw TranslationError(
        "the pair \(network.description.id) takes volumes, this is a picture; give NIfTI, MetaImage,"
          + " NRRD, DICOM or a stack, or choose another pair")
    }
  }
#endif

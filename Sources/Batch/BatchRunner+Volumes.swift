import Base

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
      _ item: BatchItem, _ publication: Publication, gate: SizeGate,
      _ outcome: inout BatchOutcome
    ) throws {
      let pair = settings.translation.pair
      try checkOptions(item)
      let file = try VolumeFile.open(item.input)
      let size = file.geometry.size
      (outcome.width, outcome.height, outcome.slices) = (size.x, size.y, size.z)
      if !file.remarks.isEmpty { outcome.note = file.remarks.joined(separator: "; ") }
      if !settings.isDryRun { try BatchRunner.makeDirectory(of: item.output) }
      let output = try VolumeOutput(
        item.output, depth: settings.translation.depth,
        note: pair.description.note ?? "Tessera \(pair.description.id)")
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
      try output.write(result, title: "Synthetic \(result.modality ?? "volume") (Tessera)") {
        part throws(TesseraError) in
        try publication.prepare(part)
      }
      outcome.status = .translated
    }

    /// Refuses what only pictures have, rather than leave it out.
    private func checkOptions(_ item: BatchItem) throws(TesseraError) {
      let output = settings.output
      let uses = [
        ("--keep-background", settings.translation.keepBackground),
        ("--profile", output.profile != nil), ("--compression", output.compression != nil),
        ("--save-calibration", item.calibration != nil),
        ("--input of an image", !settings.further.isEmpty),
      ]
      guard let used = uses.first(where: \.1) else { return }
      throw TesseraError("\(used.0) is for pictures, this is a volume; leave it out")
    }
  }
#endif

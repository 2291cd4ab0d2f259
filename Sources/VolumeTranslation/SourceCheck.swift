import Base
import TesseraPlugin
import Translation
import Volumes

/// Refuses volumes of another kind than the pair takes, which a network would translate all the same.
enum SourceCheck {
  /// HU of air, give or take; nothing in an MRI is so low.
  private static let air: Float = -500

  /// What machine made a volume, as the file says or as its samples tell.
  static func modality(of volume: Volume) -> String {
    volume.modality ?? ((volume.samples.min() ?? 0) <= air ? "CT" : "MR")
  }

  /// Throws where samples are no numbers, of which nothing can be computed.
  static func checkNumbers(_ source: Volume) throws(TesseraError) {
    let gaps = source.samples.count { !$0.isFinite }
    guard gaps > 0 else { return }
    throw TesseraError(
      source.name, "reading the samples",
      "\(gaps) of its samples are NaN or infinite; put numbers there first, as -1024 for air in CT")
  }

  static func check(_ source: Volume, _ format: SliceFormat) throws(TesseraError) {
    guard let wanted = format.sourceModality else { return }
    if let found = source.modality, found != wanted {
      throw TesseraError(
        "its DICOM modality is \(found), the pair takes \(wanted); choose another series or pair")
    }
    guard let minimum = source.samples.min(), let maximum = source.samples.max(), minimum < maximum
    else {
      throw TesseraError("all its samples are the same: there is nothing in it")
    }
    switch wanted {
    case "MR" where minimum <= air:
      throw TesseraError(
        "its samples reach down to \(minimum), as Hounsfield units do: it is CT already, and the pair"
          + " takes MRI")
    case "CT" where minimum > air:
      throw TesseraError(
        "its least sample is \(minimum): it has no air at about -1000, so it is not in Hounsfield"
          + " units; apply slope and intercept first, or choose another pair")
    default: return
    }
  }
}

import Base
import Foundation
public import Volumes

/// Where volumes lie in a folder of training data.
public enum VolumeFolders {
  /// Two folders that are learned from or looked at together.
  struct Split {
    var name: String
    var (a, b): (String, String)
    /// Whether volumes of the same name belong together.
    var isPaired: Bool
  }

  /// Whether a folder of training data holds volumes.
  public static func hold(_ folder: String) -> Bool {
    splits(in: folder).contains { !volumes(in: $0.a).isEmpty || !volumes(in: $0.b).isEmpty }
  }

  /// The kinds of machine that source and target come from, as the first volume of each shows.
  ///
  /// - Throws: Where a domain has no volume, or its first one cannot be read.
  public static func modalities(
    of folder: String, isReversed: Bool
  ) throws(TesseraError) -> (source: String, target: String) {
    guard let split = splits(in: folder).first, let a = volumes(in: split.a).first,
      let b = volumes(in: split.b).first
    else {
      throw TesseraError(folder, "looking for volumes", "both A and B have to hold volumes")
    }
    let first = SourceCheck.modality(of: try VolumeFile.open(a.path).read())
    let second = SourceCheck.modality(of: try VolumeFile.open(b.path).read())
    return isReversed ? (second, first) : (first, second)
  }

  static func splits(in folder: String) -> [Split] {
    ["train", "val", "valid", "validation"].flatMap { name in
      [
        Split(name: name, a: "\(folder)/A/\(name)", b: "\(folder)/B/\(name)", isPaired: true),
        Split(name: name, a: "\(folder)/\(name)A", b: "\(folder)/\(name)B", isPaired: false),
      ]
    }.filter { split in
      [split.a, split.b].allSatisfy { FileManager.default.fileExists(atPath: $0) }
    }
  }

  /// The volumes of a folder by name without ending: files, and folders with a series of slices.
  static func volumes(in folder: String) -> [(name: String, path: String)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { !$0.hasPrefix(".") && VolumeFormat.isVolume("\(folder)/\($0)") }.sorted()
      .map { (VolumeFormat.stem(of: $0), "\(folder)/\($0)") }
  }
}

import Base
import Foundation
import TileIO

/// Names for outputs that mirror their inputs and never collide.
struct OutputNaming {
  private struct Entry {
    var input: String
    var relative: String
    /// What the result is called where the content of the input decides: that of a volume, of a slide in DICOM.
    var ownName: String?
  }

  private var entries: [Entry] = []

  mutating func add(input: String, relative: String, isFolder: Bool = false) {
    var entry = Entry(input: input, relative: relative)
    #if Volumes
      if isFolder || VolumeInput.isVolume(input) {
        entry.ownName = VolumeInput.outputName(relative, isFolder: isFolder)
      }
    #endif
    if !isFolder, DICOMSlideFile(input) != nil {
      let path = relative as NSString
      // Such files are often named by numbers, without an ending.
      let hasEnding = ["dcm", "dicom"].contains(path.pathExtension.lowercased())
      entry.ownName = "\(hasEnding ? path.deletingPathExtension : relative).tif"
    }
    entries.append(entry)
  }

  /// The items with their outputs in `directory`, sorted by output.
  ///
  /// `a.svs` becomes `a.tif`; where `a.ndpi` or `a.tif` lies beside it, the names keep both
  /// extensions: `a.svs.tif`, `a.ndpi.tif`.
  func items(in directory: String) -> [BatchItem] {
    var uses: [String: Int] = [:]
    for entry in entries { uses[entry.ownName ?? shortName(entry.relative), default: 0] += 1 }
    var taken: Set<String> = []
    var items: [BatchItem] = []
    for entry in entries {
      let short = entry.ownName ?? shortName(entry.relative)
      var name = short
      if uses[short] != 1, short != entry.relative, entry.ownName == nil {
        name = longName(entry.relative)
      }
      var attempt = name
      var number = 2
      // Two inputs of one name from different places.
      while !taken.insert(attempt).inserted {
        attempt = numbered(name, number)
        number += 1
      }
      var item = BatchItem(input: entry.input, output: "\(directory)/\(attempt)")
      item.folder = (attempt as NSString).deletingLastPathComponent
      items.append(item)
    }
    return items.sorted { $0.output < $1.output }
  }

  /// The name with a number before its ending; ".nii.gz" is one ending.
  private func numbered(_ name: String, _ number: Int) -> String {
    let packed = name.lowercased().hasSuffix(".gz") ? ".\(name.suffix(2))" : ""
    let path = String(name.dropLast(packed.count)) as NSString
    let ending = path.pathExtension.isEmpty ? "" : ".\(path.pathExtension)"
    return "\(path.deletingPathExtension)-\(number)\(ending)\(packed)"
  }

  private func shortName(_ relative: String) -> String {
    let path = relative as NSString
    let wanted = OutputNaming.outputExtension(for: path.pathExtension)
    return wanted == path.pathExtension ? relative : "\(path.deletingPathExtension).\(wanted)"
  }

  private func longName(_ relative: String) -> String {
    let wanted = OutputNaming.outputExtension(for: (relative as NSString).pathExtension)
    return "\(relative).\(wanted)"
  }

  /// The extension of the output: the input's own where that can be written, `tif` for a slide.
  static func outputExtension(for input: String) -> String {
    switch input.lowercased() {
    case "svs", "ndpi", "mrxs", "scn", "czi", "bif", "vms", "vmu", "svslide", "btf", "tf8": "tif"
    case let other where ImageOutput.canWrite(path: "x.\(other)"): input
    default: "png"
    }
  }
}

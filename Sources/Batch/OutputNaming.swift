import Foundation
import TileIO

/// Names for outputs that mirror their inputs and never collide.
struct OutputNaming {
  private var entries: [(input: String, relative: String)] = []

  mutating func add(input: String, relative: String) {
    entries.append((input, relative))
  }

  /// The items with their outputs in `directory`, sorted by output.
  ///
  /// `a.svs` becomes `a.tif`; where `a.ndpi` or `a.tif` lies beside it, the names keep both
  /// extensions: `a.svs.tif`, `a.ndpi.tif`.
  func items(in directory: String) -> [BatchItem] {
    var uses: [String: Int] = [:]
    for entry in entries { uses[shortName(entry.relative), default: 0] += 1 }
    var taken: Set<String> = []
    var items: [BatchItem] = []
    for entry in entries {
      let short = shortName(entry.relative)
      var name = short
      if uses[short] != 1, short != entry.relative { name = longName(entry.relative) }
      var attempt = name
      var number = 2
      // Two inputs of one name from different places.
      while !taken.insert(attempt).inserted {
        let path = name as NSString
        attempt = "\(path.deletingPathExtension)-\(number).\(path.pathExtension)"
        number += 1
      }
      items.append(BatchItem(input: entry.input, output: "\(directory)/\(attempt)"))
    }
    return items.sorted { $0.output < $1.output }
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
    case "svs", "ndpi", "mrxs", "scn", "bif", "vms", "vmu", "svslide", "btf", "tf8": "tif"
    case let other where ImageOutput.canWrite(path: "x.\(other)"): input
    default: "png"
    }
  }
}

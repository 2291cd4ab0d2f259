import Base
import Foundation

/// What is held out of a training folder for validation where there is no folder for that.
///
/// It is chosen by a hash of names, so that neither the order of files nor new ones change what
/// happens to the others; what belongs to one patient or slide stays together.
struct HeldOut {
  /// What is held out, relative to the folder of data: a file, all under `folder/`, or all files that
  /// begin as before a `*`.
  let names: [String]
  /// The rest.
  let training: DataLayout
  /// The examples of `names`; nil for none.
  let validation: DataLayout?

  /// Examples from which on some are held out without being asked for, and the most that are.
  private static let (minimum, maximum) = (10, 50)
  /// Patients, slides or pictures from which on one of them may go.
  private static let minimumUnits = 4

  /// Splits as `names`, which a run has recorded, say.
  init(_ layout: DataLayout, in root: String, names: [String]) {
    self.names = names
    func isHeldOut(_ path: String) -> Bool {
      let path = Self.relative(path, to: root)
      return names.contains { name in
        name.hasSuffix("*")
          ? path.hasPrefix(name.dropLast())
          : name.hasSuffix("/") ? path.hasPrefix(name) : path == name
      }
    }
    validation = names.isEmpty ? nil : layout.filter(isHeldOut)
    training = names.isEmpty ? layout : layout.filter { !isHeldOut($0) }
  }

  /// Chooses `count` pictures, patients or slides of each domain, or about a tenth without it.
  ///
  /// - Throws: Where there are not so many that some would be left to learn from.
  init(_ layout: DataLayout, in root: String, count: Int?) throws(TesseraError) {
    var names: [String] = []
    for paths in layout.names {
      let units = Self.units(paths.map { Self.relative($0, to: root) })
      if let count, count >= units.count {
        throw TesseraError(
          root, "holding out examples",
          "--hold-out \(count) leaves nothing of \(units.count) to learn from; lower it")
      }
      let chosen = Self.chosen(units, of: paths.count, count: count)
      guard !chosen.isEmpty else {
        // One domain says nothing without the other.
        names = []
        break
      }
      names += chosen
    }
    self.init(layout, in: root, names: names.sorted())
  }

  private static func chosen(
    _ units: [(name: String, count: Int)], of total: Int, count: Int?
  ) -> [String] {
    let ordered = units.map { (hash: SHA256Digest.hexadecimal(of: Data($0.name.utf8)), unit: $0) }
      .sorted { $0.hash < $1.hash }.map(\.unit)
    if let count { return ordered.prefix(count).map(\.name) }
    guard total >= minimum, units.count >= minimumUnits else { return [] }
    let wanted = min(maximum, total / 10)
    var (chosen, held): ([String], Int) = ([], 0)
    for unit in ordered where held < wanted && 4 * (held + unit.count) <= total {
      chosen.append(unit.name)
      held += unit.count
    }
    return chosen
  }

  /// What belongs together: the files of a folder, or of a name that goes on with the number of a slice
  /// or a tile, else each file by itself.
  private static func units(_ paths: [String]) -> [(name: String, count: Int)] {
    func grouped(_ key: (Substring) -> String?) -> [(name: String, count: Int)] {
      var counts: [String: Int] = [:]
      for path in paths {
        let domain = domain(of: path)
        counts[key(path.dropFirst(domain.count)).map { domain + $0 } ?? path, default: 0] += 1
      }
      return counts.map { ($0.key, $0.value) }
    }
    let byFolder = grouped { $0.contains("/") ? "\($0.prefix { $0 != "/" })/" : nil }
    guard !byFolder.contains(where: { $0.name.hasSuffix("/") }) else { return byFolder }
    // Of the ways to cut names before a number, the one with the fewest patients, unless it is no way
    // to tell patients: those have a number themselves, and several files.
    var best = grouped { _ in nil }
    for parts in 1...6 {
      let found = grouped { prefix(of: $0, parts) }
      let isPlausible = found.count >= minimumUnits && 2 * found.count <= paths.count
      if isPlausible, found.count < best.count { best = found }
    }
    return best
  }

  /// The folder of a domain: `trainA/`, `A/train/` and so on.
  private static func domain(of path: String) -> String {
    let parts = path.split(separator: "/").dropLast()
    let isNested = parts.count > 1 && ["A", "B"].contains(parts[0])
    return parts.prefix(isNested ? 2 : 1).map { "\($0)/" }.joined()
  }

  /// The first parts of a name, between `_`, `-` and the like, that are followed by a number.
  private static func prefix(of name: Substring, _ parts: Int) -> String? {
    let stem = (String(name) as NSString).deletingPathExtension
    let separators = stem.indices.filter { "_- .".contains(stem[$0]) }
    guard separators.count >= parts else { return nil }
    let cut = separators[parts - 1]
    let (head, rest) = (stem[..<cut], stem[cut...])
    guard head.contains(where: \.isNumber), rest.contains(where: \.isNumber) else { return nil }
    return "\(stem[...cut])*"
  }

  private static func relative(_ path: String, to root: String) -> String {
    path.hasPrefix("\(root)/") ? String(path.dropFirst(root.count + 1)) : path
  }

  /// What is said of it at the start of a run.
  func finding(of layout: DataLayout, count: Int?) -> String {
    let noun =
      switch layout {
      case .unpaired: "pictures"
      case .sideBySide, .paired: "pairs"
      case .labels: "label maps"
      }
    let total = layout.names.map { "\($0.count)" }.joined(separator: " and ")
    guard let validation else {
      let reason = count == 0 ? "--hold-out 0" : "too few patients or pictures in \(total) \(noun)"
      return "no val folder: nothing is held out (\(reason)), so the run has no validation"
    }
    let held = validation.names.map { "\($0.count)" }.joined(separator: " and ")
    let wholes = names.filter { $0.hasSuffix("/") || $0.hasSuffix("*") }
    let list = wholes.prefix(4).joined(separator: ", ") + (wholes.count > 4 ? ", …" : "")
    return "no val folder: \(held) of \(total) \(noun) are held out for validation"
      + (wholes.isEmpty ? "" : ", all of \(list)")
  }
}

extension DataLayout {
  /// The file that tells an example, of each domain that is drawn from by itself.
  fileprivate var names: [[String]] {
    switch self {
    case .unpaired(let a, let b): [a, b]
    case .sideBySide(let files): [files]
    case .paired(let pairs): [pairs.map(\.a)]
    case .labels(let labeled): [labeled.map(\.label)]
    }
  }

  fileprivate func filter(_ isIncluded: (String) -> Bool) -> DataLayout {
    switch self {
    case .unpaired(let a, let b): .unpaired(a: a.filter(isIncluded), b: b.filter(isIncluded))
    case .sideBySide(let files): .sideBySide(files.filter(isIncluded))
    case .paired(let pairs): .paired(pairs.filter { isIncluded($0.a) })
    case .labels(let labeled): .labels(labeled.filter { isIncluded($0.label) })
    }
  }
}

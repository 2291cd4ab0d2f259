import Base
import Foundation

/// Files of two or three folders that belong together: those of the same path and name, whatever
/// their endings.
struct FolderJoin {
  /// The files, in the order of the first folder.
  private(set) var joined: [DataLayout.Labeled] = []
  /// The same without instances.
  var pairs: [DataLayout.Pair] { joined.map { .init(a: $0.label, b: $0.picture) } }

  /// Joins folders `a` and `b`, and instances `c`.
  ///
  /// With `takesOrder`, files go by their order where no names are the same, as official loaders take
  /// `X_gtFine_labelIds` and `X_leftImg8bit`; their folders and the rest of their names have to agree.
  /// `advice` ends what is said where a file has no partner.
  init(
    _ a: String, _ b: String, _ c: String? = nil, takesOrder: Bool = false, advice: String = ""
  ) throws(TesseraError) {
    let names = try Self.images(a)
    let pictures = try Self.partners(
      b, of: names, in: a, takesOrder, missing: "image",
      "both folders need the same names in the same folders\(advice)")
    let maps = try c.map { folder throws(TesseraError) in
      try Self.partners(
        folder, of: names, in: a, takesOrder, missing: "map", "complete it or take it away")
    }
    for (place, name) in names.enumerated() {
      joined.append(
        .init(label: "\(a)/\(name)", picture: pictures[place], instances: maps?[place]))
    }
  }

  private static func images(_ folder: String) throws(TesseraError) -> [String] {
    let names = try DataLayout.files(folder)
    guard !names.isEmpty else {
      throw TesseraError(folder, DataLayout.action, "there are no images in it")
    }
    return names
  }

  /// The file of `folder` that belongs to each of `names`, which lie in `own`; each has one.
  private static func partners(
    _ folder: String, of names: [String], in own: String, _ takesOrder: Bool, missing: String,
    _ advice: String
  ) throws(TesseraError) -> [String] {
    let others = try images(folder)
    let exact = Set(others)
    let byStem = Dictionary(grouping: others, by: stem)
    let isStrange = takesOrder && !names.contains { byStem[stem($0)] != nil }
    let inOrder = isStrange && names.count == others.count ? NameOrder(names, others) : nil
    var taken: [String: String] = [:]
    var partners: [String] = []
    for (place, name) in names.enumerated() {
      let found =
        exact.contains(name)
        ? [name]
        : inOrder.map { $0.agrees(at: place) ? [others[place]] : [] }
          ?? byStem[stem(name)] ?? []
      guard let partner = found.first else {
        throw TesseraError(
          "\(own)/\(name)", DataLayout.action,
          "\(folder) has no \(missing) of this name; \(advice)")
      }
      guard found.count == 1 else {
        throw TesseraError(
          "\(own)/\(name)", DataLayout.action,
          "\(folder) has \(found.joined(separator: " and ")): take one of them away")
      }
      if let other = taken.updateValue(name, forKey: partner) {
        throw TesseraError(
          "\(own)/\(name)", DataLayout.action,
          "\(own)/\(other) belongs to \(folder)/\(partner), too: take one of them away")
      }
      partners.append("\(folder)/\(partner)")
    }
    if let alone = others.first(where: { taken[$0] == nil }) {
      throw TesseraError(
        "\(folder)/\(alone)", DataLayout.action, "\(own) has no image of this name; \(advice)")
    }
    return partners
  }

  private static func stem(_ name: String) -> String { (name as NSString).deletingPathExtension }

  /// Two folders' files in their order, of which no names are the same.
  private struct NameOrder {
    /// What a name says beside what all of its folder's names begin and end with.
    private struct Parts {
      let folder: String
      let core: Substring
      let numbers: [Substring]
    }

    private let own, others: [Parts]
    private let counts: [[Substring]: Int]

    init(_ names: [String], _ others: [String]) {
      own = Self.parts(names)
      self.others = Self.parts(others)
      counts = own.reduce(into: [:]) { $0[$1.numbers, default: 0] += 1 }
    }

    /// Whether the files at a place belong together: they lie in the same folder, their numbers agree,
    /// and these tell the file from all others unless all that differs between names is the same.
    func agrees(at place: Int) -> Bool {
      let (a, b) = (own[place], others[place])
      guard a.folder == b.folder,
        a.numbers.starts(with: b.numbers) || b.numbers.starts(with: a.numbers)
      else { return false }
      return a.core == b.core || !a.numbers.isEmpty && !b.numbers.isEmpty && counts[a.numbers] == 1
    }

    private static func parts(_ names: [String]) -> [Parts] {
      let stems = names.map(stem)
      let beginning = stems.dropFirst().reduce(stems[0]) { $0.commonPrefix(with: $1) }.count
      let rests = stems.map { $0.dropFirst(beginning) }
      let ending = rests.dropFirst().reduce(String(rests[0].reversed())) {
        $0.commonPrefix(with: String($1.reversed()))
      }.count
      return zip(stems, rests).map { stem, rest in
        Parts(
          folder: (stem as NSString).deletingLastPathComponent, core: rest.dropLast(ending),
          numbers: stem.split { !$0.isASCII || !$0.isNumber }.map { $0.drop { $0 == "0" } })
      }
    }
  }
}

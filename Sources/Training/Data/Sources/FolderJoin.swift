import Foundation

/// Files of two or three folders that belong together: those of the same names, whatever their
/// endings.
struct FolderJoin {
  /// The files, in the order of the first folder.
  private(set) var joined: [DataLayout.Labelled] = []
  /// The same without instances.
  var pairs: [DataLayout.Pair] { joined.map { .init(a: $0.label, b: $0.picture) } }

  /// Joins folders `a` and `b`, and instances `c`.
  ///
  /// With `takesOrder`, files go by their order where no names are the same, as official loaders take
  /// `X_gtFine_labelIds` and `X_leftImg8bit`; the numbers in names have to agree.
  init(
    _ a: String, _ b: String, _ c: String? = nil, takesOrder: Bool = false
  ) throws(TrainingError) {
    let names = try Self.images(a)
    let partners = Self.Partners(try Self.images(b), of: names, takesOrder)
    var instances: Partners?
    if let c { instances = Self.Partners(try Self.images(c), of: names, takesOrder) }
    for (place, name) in names.enumerated() {
      guard let partner = partners.find(name, place) else {
        throw TrainingError(
          "\(a)/\(name)", DataLayout.action,
          "\(b) has no image of this name; both folders need the same names")
      }
      var map: String?
      if let instances, let c {
        guard let found = instances.find(name, place) else {
          throw TrainingError(
            "\(a)/\(name)", DataLayout.action,
            "\(c) has no map of this name; complete it or take it away")
        }
        map = "\(c)/\(found)"
      }
      joined.append(.init(label: "\(a)/\(name)", picture: "\(b)/\(partner)", instances: map))
    }
  }

  private static func images(_ folder: String) throws(TrainingError) -> [String] {
    let names = try DataLayout.files(folder)
    guard !names.isEmpty else {
      throw TrainingError(folder, DataLayout.action, "there are no images in it")
    }
    return names
  }

  private static func stem(_ name: String) -> String { (name as NSString).deletingPathExtension }

  /// The files of a folder by the names of another one's.
  private struct Partners {
    private let byStem: [String: String]
    private let inOrder: [String]?

    init(_ names: [String], of others: [String], _ takesOrder: Bool) {
      let stems = Dictionary(names.map { (stem($0), $0) }) { first, _ in first }
      byStem = stems
      let isStrange = !others.contains { stems[stem($0)] != nil }
      inOrder = takesOrder && isStrange && names.count == others.count ? names : nil
    }

    func find(_ name: String, _ place: Int) -> String? {
      guard let partner = inOrder?[place] else { return byStem[stem(name)] }
      let (a, b) = (Self.numbers(name), Self.numbers(partner))
      return a.starts(with: b) || b.starts(with: a) ? partner : nil
    }

    /// The numbers in a name.
    private static func numbers(_ name: String) -> [Substring] {
      stem(name).split { !$0.isASCII || !$0.isNumber }.map { $0.drop { $0 == "0" } }
    }
  }
}

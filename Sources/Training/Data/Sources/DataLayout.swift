import Foundation
import TileIO

/// Which files of a folder belong together.
enum DataLayout: Sendable, Hashable {
  /// Two domains that have nothing to do with each other.
  case unpaired(a: [String], b: [String])
  /// Pictures that hold A on their left and B on their right half.
  case sideBySide([String])
  /// A picture of each domain.
  case paired([Pair])
  /// Label maps and their pictures.
  case labels([Labelled])

  struct Pair: Sendable, Hashable {
    var a, b: String
  }

  struct Labelled: Sendable, Hashable {
    var label, picture: String
    var instances: String?
  }

  /// Number of examples.
  var count: Int {
    switch self {
    case .unpaired(let a, let b): max(a.count, b.count)
    case .sideBySide(let files): files.count
    case .paired(let pairs): pairs.count
    case .labels(let labelled): labelled.count
    }
  }

  /// Pictures of both domains where they are read one by one, else examples.
  var fileCount: Int {
    if case .unpaired(let a, let b) = self { a.count + b.count } else { count }
  }

  static let action = "looking for training data"
  /// Names that official data sets give to what is not trained on.
  private static let heldOut = ["val", "test"]
  private static let pictures = ["img", "photo", "image", "images", "photos", "B"]

  /// Finds out how a folder is laid out for a method that learns from `kind`, and what it holds out
  /// for validation.
  static func find(
    _ root: String, as kind: Dataset.Kind = .unpaired
  ) throws(TrainingError) -> (training: DataLayout, validation: DataLayout?) {
    let names = try list(root, action)
    func folder(_ name: String) -> String? { names.contains(name) ? "\(root)/\(name)" : nil }
    func first<Value>(
      _ find: (String) throws(TrainingError) -> Value?
    ) throws(TrainingError) -> Value? {
      for phase in heldOut { if let found = try find(phase) { return found } }
      return nil
    }
    func labelled(_ phase: String) throws(TrainingError) -> DataLayout? {
      guard let labels = folder("\(phase)_label") else { return nil }
      let found = pictures.compactMap { folder("\(phase)_\($0)") }.first
      guard let picture = found else {
        throw TrainingError(
          root, action, "there is \(phase)_label, but neither \(phase)_img nor \(phase)_photo")
      }
      return .labels(
        try FolderJoin(labels, picture, folder("\(phase)_inst"), takesOrder: true).joined)
    }
    func domains(_ phase: String) throws(TrainingError) -> DataLayout? {
      for separator in ["", "_"] {
        let (a, b) = (folder("\(phase)\(separator)A"), folder("\(phase)\(separator)B"))
        guard a != nil || b != nil else { continue }
        guard let a, let b else {
          let (there, other) = a == nil ? ("B", "A") : ("A", "B")
          throw TrainingError(
            root, action,
            "there is \(phase)\(separator)\(there), but no \(phase)\(separator)\(other): both domains are needed"
          )
        }
        guard kind == .paired else { return .unpaired(a: try images(a), b: try images(b)) }
        return .paired(
          try FolderJoin(
            a, b,
            advice: "; use cyclegan or cut for unpaired pictures, without --lambda-paired"
          ).pairs)
      }
      return nil
    }
    func paired(_ phase: String) throws(TrainingError) -> DataLayout? {
      let (a, b) = ("\(root)/A/\(phase)", "\(root)/B/\(phase)")
      guard isFolder(a) || isFolder(b) else { return nil }
      return .paired(try FolderJoin(a, b).pairs)
    }
    func sideBySide(_ phase: String) throws(TrainingError) -> DataLayout? {
      try folder(phase).map { path throws(TrainingError) in .sideBySide(try images(path)) }
    }
    for find in [labelled, domains, paired, sideBySide] {
      if let found = try find("train") { return (found, try first(find)) }
    }
    // Two folders of any names with the same files.
    let folders = names.filter { isFolder("\(root)/\($0)") }
    if folders.count == 2 {
      let join = try FolderJoin("\(root)/\(folders[0])", "\(root)/\(folders[1])")
      return (.paired(join.pairs), nil)
    }
    throw TrainingError(
      root, action,
      names.isEmpty
        ? "it is empty; it should hold trainA and trainB, or train with pictures side by side, or "
          + "A/train and B/train, or train_label and train_img"
        : "it holds \(names.prefix(4).joined(separator: ", "))\(names.count > 4 ? ", …" : ""); "
          + "wanted are trainA and trainB, or train with pictures side by side, or A/train and "
          + "B/train, or train_label and train_img, or two folders with the same names")
  }

  static func isFolder(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }

  private static func list(_ path: String, _ action: String) throws(TrainingError) -> [String] {
    guard isFolder(path) else {
      throw TrainingError(
        path, action,
        FileManager.default.fileExists(atPath: path)
          ? "it is a file; give the folder that holds the training data" : "there is no such folder"
      )
    }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      throw TrainingError(path, action, "it cannot be read; check its permissions")
    }
  }

  /// The images of a folder, those of its folders included, by name.
  private static func images(_ path: String) throws(TrainingError) -> [String] {
    let found = try files(path)
    guard !found.isEmpty else {
      throw TrainingError(path, action, "there are no images in it")
    }
    return found.map { "\(path)/\($0)" }
  }

  static func files(_ path: String) throws(TrainingError) -> [String] {
    var (found, pending): ([String], [String]) = ([], [""])
    while let folder = pending.popLast() {
      for name in try list(folder.isEmpty ? path : "\(path)/\(folder)", action) {
        let relative = folder.isEmpty ? name : "\(folder)/\(name)"
        let file = "\(path)/\(relative)"
        if isFolder(file) {
          if (try? FileManager.default.destinationOfSymbolicLink(atPath: file)) == nil {
            pending.append(relative)
          }
        } else if ImageName.isImage(name) || ImageFile.isImage(file) {
          found.append(relative)
        }
      }
    }
    return found.sorted { $0.localizedStandardCompare($1) == .orderedAscending }
  }
}

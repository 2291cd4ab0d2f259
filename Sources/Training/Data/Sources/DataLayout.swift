import Base
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
  case labels([Labeled])

  struct Pair: Sendable, Hashable {
    var a, b: String
  }

  struct Labeled: Sendable, Hashable {
    var label, picture: String
    var instances: String?
  }

  /// Number of examples.
  var count: Int {
    switch self {
    case .unpaired(let a, let b): max(a.count, b.count)
    case .sideBySide(let files): files.count
    case .paired(let pairs): pairs.count
    case .labels(let labeled): labeled.count
    }
  }

  /// Pictures of both domains where they are read one by one, else examples.
  var fileCount: Int {
    if case .unpaired(let a, let b) = self { a.count + b.count } else { count }
  }

  static let action = "looking for training data"
  /// Names of the folder for validation; what is in `test` is never read.
  private static let validationPhases = ["val", "valid", "validation"]
  private static let pictures = ["img", "photo", "image", "images", "photos", "B"]

  /// Finds out how a folder is laid out for a method that learns from `kind`, and whether it has a
  /// folder for validation.
  static func find(
    _ root: String, as kind: Dataset.Kind = .unpaired
  ) throws(TesseraError) -> (training: DataLayout, validation: DataLayout?) {
    let names = try list(root, action)
    func folder(_ name: String) -> String? { names.contains(name) ? "\(root)/\(name)" : nil }
    func first<Value>(
      _ find: (String) throws(TesseraError) -> Value?
    ) throws(TesseraError) -> Value? {
      for phase in validationPhases { if let found = try find(phase) { return found } }
      return nil
    }
    func labeled(_ phase: String) throws(TesseraError) -> DataLayout? {
      guard let labels = folder("\(phase)_label") else { return nil }
      let found = pictures.compactMap { folder("\(phase)_\($0)") }.first
      guard let picture = found else {
        throw TesseraError(
          root, action, "there is \(phase)_label, but neither \(phase)_img nor \(phase)_photo")
      }
      return .labels(
        try FolderJoin(labels, picture, folder("\(phase)_inst"), takesOrder: true).joined)
    }
    func domains(_ phase: String) throws(TesseraError) -> DataLayout? {
      for separator in ["", "_"] {
        let (a, b) = (folder("\(phase)\(separator)A"), folder("\(phase)\(separator)B"))
        guard a != nil || b != nil else { continue }
        guard let a, let b else {
          let (there, other) = a == nil ? ("B", "A") : ("A", "B")
          throw TesseraError(
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
    func paired(_ phase: String) throws(TesseraError) -> DataLayout? {
      let (a, b) = ("\(root)/A/\(phase)", "\(root)/B/\(phase)")
      guard isFolder(a) || isFolder(b) else { return nil }
      return .paired(try FolderJoin(a, b).pairs)
    }
    func sideBySide(_ phase: String) throws(TesseraError) -> DataLayout? {
      try folder(phase).map { path throws(TesseraError) in .sideBySide(try images(path)) }
    }
    for find in [labeled, domains, paired, sideBySide] {
      if let found = try find("train") { return (found, try first(find)) }
    }
    // Two folders of any names with the same files.
    let folders = names.filter { isFolder("\(root)/\($0)") }
    if let held = try firstHeldOut(folders, in: root) {
      throw TesseraError(
        root, action,
        "there is no trainA and no train, and \(held) is never learned from; put what is to be learned"
          + " from into trainA and trainB, or train, or give folders other names")
    }
    if folders.count == 2 {
      let join = try FolderJoin("\(root)/\(folders[0])", "\(root)/\(folders[1])")
      return (.paired(join.pairs), nil)
    }
    throw TesseraError(
      root, action,
      names.isEmpty
        ? "it is empty; it should hold trainA and trainB, or train with pictures side by side, or "
          + "A/train and B/train, or train_label and train_img"
        : "it holds \(names.prefix(4).joined(separator: ", "))\(names.count > 4 ? ", …" : ""); "
          + "wanted are trainA and trainB, or train with pictures side by side, or A/train and "
          + "B/train, or train_label and train_img, or two folders with the same names")
  }

  /// The first folder, or folder in one of these, that is for testing or validation by its name.
  private static func firstHeldOut(
    _ folders: [String], in root: String
  ) throws(TesseraError) -> String? {
    func isHeldOut(_ name: String) -> Bool {
      ["test", "val"].contains { name.lowercased().hasPrefix($0) }
    }
    for folder in folders {
      if isHeldOut(folder) { return folder }
      let inner = try list("\(root)/\(folder)", action)
        .first { isHeldOut($0) && isFolder("\(root)/\(folder)/\($0)") }
      if let inner { return "\(folder)/\(inner)" }
    }
    return nil
  }

  static func isFolder(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }

  private static func list(_ path: String, _ action: String) throws(TesseraError) -> [String] {
    guard isFolder(path) else {
      throw TesseraError(
        path, action,
        FileManager.default.fileExists(atPath: path)
          ? "it is a file; give the folder that holds the training data" : "there is no such folder"
      )
    }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      throw TesseraError(path, action, "it cannot be read; check its permissions")
    }
  }

  /// The images of a folder, those of its folders included, by name.
  private static func images(_ path: String) throws(TesseraError) -> [String] {
    let found = try files(path)
    guard !found.isEmpty else {
      throw TesseraError(path, action, "there are no images in it")
    }
    return found.map { "\(path)/\($0)" }
  }

  static func files(_ path: String) throws(TesseraError) -> [String] {
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

/// Names of files that are meant to be images.
enum ImageName {
  private static let extensions: Set<String> = [
    "svs", "ndpi", "mrxs", "scn", "bif", "svslide", "tif", "tiff", "png", "jpg", "jpeg", "jp2",
    "webp", "gif", "heic", "avif", "jxl", "ppm", "pgm", "pnm", "pfm", "exr", "hdr", "bmp", "v",
  ]

  /// Whether a file that cannot be read is a broken image rather than none.
  static func isImage(_ name: String) -> Bool {
    extensions.contains((name as NSString).pathExtension.lowercased())
  }
}

import Base
import Foundation

#if Volumes
  import Volumes
#endif

/// The files that an input is made of.
enum InputFiles {
  /// What belongs to the file at `path` besides the file itself.
  ///
  /// Where a header may name files by a pattern, all files beside it count.
  static func companions(of path: String) -> [String] {
    let stem = (path as NSString).deletingPathExtension
    switch (path as NSString).pathExtension.lowercased() {
    case "mrxs": return present([stem])
    case "vms", "vmu":
      let name = (stem as NSString).lastPathComponent
      return neighbors(of: path).filter { ($0 as NSString).lastPathComponent.hasPrefix(name) }
    case "mhd": return named(in: path, by: "elementdatafile", separator: "=")
    case "nhdr": return named(in: path, by: "data file", separator: ":")
    default:
      guard let slide = DICOMSlideFile(path) else { return volumeCompanions(of: path) }
      // The other levels, whichever file was given
      return neighbors(of: path).filter {
        slide.series != nil && DICOMSlideFile($0)?.series == slide.series
      }
    }
  }

  /// Whether a file that is there belongs to the input, as the samples that a header names.
  static func isPart(_ path: String, of input: String) -> Bool {
    var (own, other) = (stat(), stat())
    guard stat(path, &own) == 0,
      companions(of: input).contains(where: {
        stat($0, &other) == 0 && own.st_dev == other.st_dev && own.st_ino == other.st_ino
      })
    else { return false }
    #if Volumes
      // Of all that lies beside a header, earlier results are no part of it, unless it names them.
      let name = (path as NSString).lastPathComponent
      switch VolumeFormat(contentsOf: path) {
      case .metaImage, .nrrd, .tiff: return start(of: input).contains(name)
      case .nifti: return ["hdr", "img"].contains { name.lowercased().contains(".\($0)") }
      case .dicom, nil: return true
      }
    #else
      return true
    #endif
  }

  /// Files with the header of a NIfTI pair, and the slices of a DICOM series that one file stands for.
  private static func volumeCompanions(of path: String) -> [String] {
    #if Volumes
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        !isFolder.boolValue
      else { return [] }
      let name = path.lowercased()
      if ["hdr", "img", "hdr.gz", "img.gz"].contains(where: { name.hasSuffix(".\($0)") }) {
        let stem = VolumeFormat.stem(of: path)
        return present(["hdr", "img", "hdr.gz", "img.gz"].map { "\(stem).\($0)" })
      }
      return VolumeFormat(contentsOf: path) == .dicom ? neighbors(of: path) : []
    #else
      []
    #endif
  }

  private static func start(of path: String) -> String {
    guard let handle = FileHandle(forReadingAtPath: path) else { return "" }
    defer { try? handle.close() }
    return String(decoding: (try? handle.read(upToCount: 1 << 16)) ?? Data(), as: UTF8.self)
  }

  /// The file that a header names after a word, or all beside it where it names none that is there.
  private static func named(in header: String, by word: String, separator: Character) -> [String] {
    for line in start(of: header).split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: separator, maxSplits: 1)
      guard parts.count == 2,
        parts[0].trimmingCharacters(in: .whitespaces).lowercased() == word
      else { continue }
      let name = parts[1].trimmingCharacters(in: .whitespaces)
      if name.lowercased() == "local" { return [] }
      let folder = URL(filePath: header).deletingLastPathComponent()
      let found = present([URL(filePath: name, relativeTo: folder).path])
      return found.isEmpty ? neighbors(of: header) : found
    }
    return []
  }

  /// The files in the same folder, hidden ones left out.
  private static func neighbors(of path: String) -> [String] {
    let folder = URL(filePath: path).deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { !$0.hasPrefix(".") && $0 != (path as NSString).lastPathComponent }
      .sorted().map { folder.appending(path: $0).path }.filter { place in
        var status = stat()
        return stat(place, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      }
  }

  private static func present(_ paths: [String]) -> [String] {
    paths.filter { FileManager.default.fileExists(atPath: $0) }
  }
}

import Foundation

#if Volumes
  import Volumes
#endif

/// Tells volumes from pictures, and finds those of a directory.
enum EvaluatedVolumes {
  /// Whether a file or a folder of slices is a volume.
  static func isVolume(_ path: String) -> Bool {
    #if Volumes
      VolumeFormat.isVolume(path)
    #else
      false
    #endif
  }

  /// Volumes by their paths within a directory: files, and folders that are a series of slices.
  ///
  /// TIFF files are left to the search for images.
  static func paths(in directory: String) -> [String] {
    #if Volumes
      var found: [String] = []
      var pending = [""]
      while let folder = pending.popLast() {
        let path = folder.isEmpty ? directory : "\(directory)/\(folder)"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        where !name.hasPrefix(".") {
          let relative = folder.isEmpty ? name : "\(folder)/\(name)"
          let whole = "\(directory)/\(relative)"
          var isDirectory: ObjCBool = false
          guard FileManager.default.fileExists(atPath: whole, isDirectory: &isDirectory) else {
            continue
          }
          if isDirectory.boolValue {
            let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: whole)) != nil
            guard !isLink else { continue }
            if isVolume(whole) { found.append(relative) } else { pending.append(relative) }
          } else if isVolumeName(name), isVolume(whole) {
            found.append(relative)
          }
        }
      }
      return found.sorted()
    #else
      return []
    #endif
  }

  /// A path without the ending, of which that of a volume may have two.
  static func name(_ path: String) -> String {
    #if Volumes
      let lower = path.lowercased()
      let endings = VolumeFormat(path: path)?.extensions.filter { lower.hasSuffix(".\($0)") } ?? []
      if let ending = endings.max(by: { $0.count < $1.count }) {
        return String(path.dropLast(ending.count + 1))
      }
    #endif
    return (path as NSString).deletingPathExtension
  }

  #if Volumes
    /// Whether a name is that of a volume in one file, the samples of a pair left out.
    private static func isVolumeName(_ name: String) -> Bool {
      switch VolumeFormat(path: name) {
      case .nifti: !name.lowercased().hasSuffix(".img") && !name.lowercased().hasSuffix(".img.gz")
      case .metaImage, .nrrd: true
      case .dicom, .tiff, nil: false
      }
    }
  #endif
}

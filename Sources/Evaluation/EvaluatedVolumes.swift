import Foundation

#if Volumes
  import Volumes
#endif

/// Tells volumes from pictures.
enum EvaluatedVolumes {
  /// Whether a file or a folder of slices is a volume.
  static func isVolume(_ path: String) -> Bool {
    #if Volumes
      VolumeFormat.isVolume(path)
    #else
      false
    #endif
  }

  /// A path without the ending, of which that of a volume may have two parts.
  static func name(_ path: String) -> String {
    #if Volumes
      let stem = VolumeFormat.stem(of: path)
      if stem != path { return stem }
    #endif
    return (path as NSString).deletingPathExtension
  }
}

#if Volumes
  import Foundation
  import Volumes

  /// Tells volumes from pictures, and names what is made of them.
  enum VolumeInput {
    /// Endings that volumes are written with as they are read.
    private static let kept = ["nii.gz", "nii", "mha", "nrrd", "tif", "tiff"]
    private static let replaced = [
      ("hdr.gz", "nii.gz"), ("img.gz", "nii.gz"), ("hdr", "nii.gz"), ("img", "nii.gz"),
      ("nhdr", "nrrd"), ("mhd", "mha"),
    ]

    /// Whether a file, or a folder of DICOM slices, is a volume; a folder of gray TIFFs is one where
    /// `takesStacks` says so, for it may as well be a folder of pictures.
    static func isVolume(_ path: String, takesStacks: Bool = true) -> Bool {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        VolumeFormat.isVolume(path)
      else { return false }
      return takesStacks || !isFolder.boolValue || VolumeFormat(contentsOf: path) != .tiff
    }

    /// The name of the result, `input` being the name of a file or folder.
    static func outputName(_ input: String, isFolder: Bool) -> String {
      guard !isFolder else { return input }
      let name = input.lowercased()
      if kept.contains(where: { name.hasSuffix(".\($0)") }) { return input }
      for (ending, wanted) in replaced where name.hasSuffix(".\(ending)") {
        return "\(input.dropLast(ending.count))\(wanted)"
      }
      // A file of a DICOM series stands for all of it.
      return (input as NSString).deletingPathExtension
    }
  }
#endif

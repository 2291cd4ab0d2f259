import Base
import Foundation
import TileIO

/// Finds the images of a directory.
package struct InputScan {
  /// Extensions of files that are meant to be images: one that cannot be read is a failure, while
  /// an unreadable file of any other name is simply none of ours.
  static let imageExtensions: Set<String> = [
    "svs", "ndpi", "mrxs", "scn", "czi", "bif", "vms", "vmu", "svslide", "tif", "tiff", "btf",
    "tf8",
    "png", "jpg", "jpeg", "jpe", "jp2", "j2k", "jpx", "webp", "gif", "heic", "heif", "avif", "jxl",
    "ppm", "pgm", "pbm", "pnm", "pfm", "exr", "hdr", "v", "vips",
  ]

  package let isRecursive: Bool
  /// Where the outputs go: nothing in there is an input.
  package let excluded: URL?
  /// Whether volumes are images too.
  let takesVolumes: Bool
  /// Whether a folder of gray TIFFs is a volume, too.
  let takesStacks: Bool

  /// Chooses where to look; `excluded` is a folder of outputs.
  package init(
    isRecursive: Bool, excluded: URL? = nil, takesVolumes: Bool = false, takesStacks: Bool = false
  ) {
    (self.isRecursive, self.excluded) = (isRecursive, excluded)
    (self.takesVolumes, self.takesStacks) = (takesVolumes, takesStacks)
  }

  /// Paths relative to `directory`, sorted; hidden files and files that are no images are left out.
  ///
  /// A folder with the slices of a DICOM series counts as one image, and is not looked into; so do the files
  /// of a whole slide in DICOM, of which that of its largest level is found.
  package func images(in directory: String) throws(UsageError) -> [String] {
    let root = URL(filePath: directory, directoryHint: .isDirectory)
    var found: [String] = []
    var pending = [""]
    while let folder = pending.popLast() {
      let url = folder.isEmpty ? root : root.appending(path: folder)
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path) else {
        throw UsageError(
          "\(url.path): listing the directory: it cannot be read; check its permissions")
      }
      var slides: [DICOMSlideFile] = []
      for name in names where !name.hasPrefix(".") {
        let relative = folder.isEmpty ? name : "\(folder)/\(name)"
        let path = root.appending(path: relative)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path.path, isDirectory: &isDirectory) else {
          // A dangling link with an image's name is an image that cannot be read.
          if Self.isImageName(name) { found.append(relative) }
          continue
        }
        if isDirectory.boolValue {
          guard isRecursive, !isLink(path), !isExcluded(path) else { continue }
          if isVolume(path.path) { found.append(relative) } else { pending.append(relative) }
        } else if Self.isImageName(name) {
          found.append(relative)
        } else if let slide = DICOMSlideFile(path.path) {
          slides.append(slide)
        } else if isVolume(path.path) || ImageFile.isImage(path.path) {
          found.append(relative)
        }
      }
      found += DICOMSlideFile.slides(among: slides).map {
        let name = URL(filePath: $0.path).lastPathComponent
        return folder.isEmpty ? name : "\(folder)/\(name)"
      }
    }
    return found.sorted()
  }

  static func isImageName(_ name: String) -> Bool {
    InputScan.imageExtensions.contains((name as NSString).pathExtension.lowercased())
  }

  private func isVolume(_ path: String) -> Bool {
    #if Volumes
      takesVolumes && VolumeInput.isVolume(path, takesStacks: takesStacks)
    #else
      false
    #endif
  }

  private func isExcluded(_ url: URL) -> Bool {
    excluded.map {
      url.standardizedFileURL.resolvingSymlinksInPath().path
        == $0.standardizedFileURL.resolvingSymlinksInPath().path
    } ?? false
  }

  /// A linked directory may lead round in a circle.
  private func isLink(_ url: URL) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)) != nil
  }
}

import Foundation

extension TIFFStack {
  /// Whether a path can only be read as TIFF: by its ending, or as a folder with TIFFs and no DICOM.
  static func isMeant(by path: String) -> Bool {
    guard URL(filePath: path).hasDirectory else { return VolumeFormat(path: path) == .tiff }
    guard !slices(of: path).isEmpty else { return false }
    return !names(in: path).contains { name in
      let format = VolumeFormat(path: name)
      return format == .dicom || format == nil && VolumeFormat.hasDICOMPrefix("\(path)/\(name)")
    }
  }

  /// Whether a file has several pages that are slices of one volume.
  ///
  /// One that is cut off is a broken stack, not a picture, unless its only page is tiled, as pyramids are.
  static func isFile(_ path: String) -> Bool {
    guard let reader = try? TIFFReader(path) else { return false }
    let first = reader.page
    let description = StackDescription(reader.text)
    guard first.reason == nil, description.channels == 1, description.images <= 1 else {
      return false
    }
    guard !reader.isLast else { return (description.slices ?? 1) > 1 && reader.start != nil }
    let isTiled = reader.isTiled
    var pages = 1
    while !reader.isLast {
      guard reader.advance() else { return !isTiled || pages > 1 }
      pages += 1
      guard reader.page == first else { return false }
    }
    return true
  }

  /// Whether a folder holds nothing but slices of 16 bits or more.
  static func isFolder(_ path: String) -> Bool {
    let names = names(in: path)
    return names.count > 1 && names.allSatisfy { VolumeFormat(path: $0) == .tiff }
      && (try? TIFFStack(path)) != nil
  }

  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
      !$0.hasPrefix(".")
    }
  }
}

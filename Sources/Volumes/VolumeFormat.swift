import Foundation
internal import CITK

/// A kind of file that holds volumes.
public enum VolumeFormat: String, Sendable, Hashable, CaseIterable {
  case nifti = "NIfTI"
  case metaImage = "MetaImage"
  case nrrd = "NRRD"
  case dicom = "DICOM"

  /// Endings of names, the ones that are written first.
  public var extensions: [String] {
    switch self {
    case .nifti: ["nii.gz", "nii", "hdr", "img", "img.gz", "hdr.gz"]
    case .metaImage: ["mha", "mhd"]
    case .nrrd: ["nrrd", "nhdr"]
    case .dicom: ["dcm", "dicom", "ima"]
    }
  }

  /// Endings of single files that can be written.
  public static let writable = ["nii.gz", "nii", "mha", "nrrd"]

  /// The format that a path's ending means.
  public init?(path: String) {
    let name = URL(filePath: path).lastPathComponent.lowercased()
    guard
      let found = Self.allCases.first(where: { format in
        format.extensions.contains { name.hasSuffix(".\($0)") }
      })
    else { return nil }
    self = found
  }

  /// What a path holds: by its ending, as a folder of DICOM files, or by what the file begins with.
  public init?(contentsOf path: String) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      self.init(path: path)
      return
    }
    if isFolder.boolValue {
      self = .dicom
    } else if let format = VolumeFormat(path: path) {
      self = format
    } else if Self.hasDICOMPrefix(path) {
      self = .dicom
    } else {
      return nil
    }
  }

  /// Whether a file begins as DICOM's do: "DICM" after 128 bytes.
  static func hasDICOMPrefix(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    guard let start = try? handle.read(upToCount: 132) else { return false }
    return start.count == 132 && start.suffix(4).elementsEqual("DICM".utf8)
  }

  var code: ci_format {
    switch self {
    case .nifti: ci_nifti
    case .metaImage: ci_meta
    case .nrrd: ci_nrrd
    case .dicom: ci_dicom
    }
  }
}

import Base
import Foundation
internal import CITK

/// A kind of file that holds volumes.
public enum VolumeFormat: String, Sendable, Hashable, CaseIterable {
  case nifti = "NIfTI"
  case metaImage = "MetaImage"
  case nrrd = "NRRD"
  case dicom = "DICOM"
  case tiff = "TIFF"

  /// Endings of names, the ones that are written first.
  public var extensions: [String] {
    switch self {
    case .nifti: ["nii.gz", "nii", "hdr", "img", "img.gz", "hdr.gz"]
    case .metaImage: ["mha", "mhd"]
    case .nrrd: ["nrrd", "nhdr"]
    case .dicom: ["dcm", "dicom", "ima"]
    case .tiff: ["tif", "tiff"]
    }
  }

  /// Endings of single files that can be written.
  public static let writable = ["nii.gz", "nii", "mha", "nrrd", "tif", "tiff"]

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

  /// What a path holds: by its ending, as a folder of slices, or by what the file begins with.
  ///
  /// A TIFF is a volume if it has several gray pages that are alike; nil for other pictures. A folder is one
  /// of TIFF slices if it holds nothing else, gray and of 16 bits or more; any other counts as DICOM, unless it
  /// holds whole slides, which are pictures.
  public init?(contentsOf path: String) {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let named = VolumeFormat(path: path)
    guard isFolder.boolValue || !exists || FileStart.isRegular(path) else { return nil }
    if isFolder.boolValue {
      guard !TIFFStack.isFolder(path) else {
        self = .tiff
        return
      }
      guard DICOMSlideFile.slides(in: path).isEmpty else { return nil }
      self = .dicom
    } else if named == .tiff {
      guard exists, TIFFStack.isFile(path) else { return nil }
      self = .tiff
    } else if DICOMSlideFile(path) != nil {
      return nil
    } else if let named, !Self.isRadiance(path) {
      self = named
    } else if Self.hasDICOMPrefix(path) {
      self = .dicom
    } else {
      return nil
    }
  }

  /// Whether a path holds a volume: a file that can be one, or a folder that holds slices.
  ///
  /// Unlike ``init(contentsOf:)``, which takes any folder for a series.
  public static func isVolume(_ path: String) -> Bool {
    guard URL(filePath: path).hasDirectory else { return VolumeFormat(contentsOf: path) != nil }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    let slices = names.filter { name in
      guard !name.hasPrefix(".") else { return false }
      let named = VolumeFormat(path: name)
      return named == .dicom || named == nil && hasDICOMPrefix("\(path)/\(name)")
    }
    guard !slices.isEmpty else { return TIFFStack.isFolder(path) }
    return !slices.contains { DICOMSlideFile("\(path)/\($0)") != nil }
  }

  /// A path without its ending, of which that of a volume may have two parts; other paths as they are.
  public static func stem(of path: String) -> String {
    let lower = path.lowercased()
    let endings = VolumeFormat(path: path)?.extensions.filter { lower.hasSuffix(".\($0)") } ?? []
    return String(path.dropLast(endings.map { $0.count + 1 }.max() ?? 0))
  }

  /// Pictures of Radiance have the ending of a header of NIfTI.
  private static func isRadiance(_ path: String) -> Bool {
    path.lowercased().hasSuffix(".hdr")
      && FileStart.bytes(of: path, count: 2)?.elementsEqual("#?".utf8) == true
  }

  /// Whether a file begins as DICOM's do: "DICM" after 128 bytes.
  static func hasDICOMPrefix(_ path: String) -> Bool {
    guard let start = FileStart.bytes(of: path, count: 132) else { return false }
    return start.count == 132 && start.suffix(4).elementsEqual("DICM".utf8)
  }

  /// Whether a file beside slices may be one: by its ending, by what it begins with, or because it has no
  /// ending and is empty, as a file is whose copy broke off.
  static func mayBeSlice(_ path: String) -> Bool {
    let url = URL(filePath: path)
    if url.hasDirectory { return false }
    if VolumeFormat(path: path) == .dicom || hasDICOMPrefix(path) { return true }
    guard url.pathExtension.allSatisfy(\.isNumber),
      let start = FileStart.bytes(of: path, count: 132)
    else { return false }
    guard !start.isEmpty else { return true }
    // Files of old have no preamble: their first element is of group 2 or 8.
    return start.allSatisfy { $0 == 0 }
      || [[2, 0], [8, 0], [0, 8]].contains { start.prefix(2).elementsEqual($0) }
  }

  var code: ci_format {
    switch self {
    case .nifti: ci_nifti
    case .metaImage: ci_meta
    case .nrrd: ci_nrrd
    case .dicom: ci_dicom
    case .tiff: preconditionFailure("ITK reads no TIFF here")
    }
  }
}

import Base
import Foundation

/// A volume in a file or a folder, described and not yet read.
public struct VolumeFile: Sendable {
  /// The file or folder.
  public let path: String
  /// What kind of file it is.
  public let format: VolumeFormat
  /// Where the samples lie.
  public let geometry: VolumeGeometry
  /// How the samples are stored, after slope and intercept.
  public let storedAs: SampleType
  /// DICOM's code of the kind of machine, "CT" or "MR"; nil where the file does not say.
  public let modality: String?
  /// What the reader should know and need not change.
  public let remarks: [String]
  /// The files of a series in the order of its slices; the one file of other formats.
  public let files: [String]

  /// Describes what `path` holds: a file, or a folder with one DICOM series or with slices in TIFF.
  ///
  /// - Throws: Where it is not one volume of one value a place with a geometry that is certain.
  public static func open(_ path: String) throws(TesseraError) -> VolumeFile {
    guard FileManager.default.fileExists(atPath: path) else {
      throw TesseraError(path, "opening", "no such file or folder")
    }
    if TIFFStack.isMeant(by: path) { return try TIFFStack(path).volume() }
    guard let format = VolumeFormat(contentsOf: path) else {
      guard DICOMSlideFile(path) == nil, DICOMSlideFile.slides(in: path).isEmpty else {
        throw TesseraError(path, "opening", "a whole slide is a picture, not a volume")
      }
      throw TesseraError(
        path, "opening", "not a volume: known are NIfTI, MetaImage, NRRD, DICOM and TIFF stacks")
    }
    if format == .dicom { return try SliceSeries.find(path).volume(path) }
    try HeaderNumbers.check(path, format)
    let file = try HeaderFile(path, format)
    try check(file, path)
    return VolumeFile(
      path: path, format: format, geometry: file.geometry, storedAs: SampleType(file.header.type),
      modality: nil, remarks: remarks(file), files: [path])
  }

  /// Reads all samples.
  ///
  /// - Throws: Where the file ends early, or its samples are no numbers.
  public func read() throws(TesseraError) -> Volume {
    if format == .tiff {
      return Volume(
        geometry: geometry, samples: try TIFFStack(path).samples(), storedAs: storedAs, name: path)
    }
    do throws(TesseraError) {
      try Completeness.check(files, format, bytes: geometry.count * storedAs.bytes)
    } catch {
      throw error.said(of: path)
    }
    var samples = [Float](repeating: 0, count: geometry.count)
    let slice = geometry.count / files.count
    var failure: TesseraError?
    samples.withUnsafeMutableBufferPointer { buffer in
      for (index, path) in files.enumerated() {
        let part = UnsafeMutableBufferPointer(rebasing: buffer[index * slice..<(index + 1) * slice])
        do throws(TesseraError) {
          try HeaderFile(path, format).read(into: part)
          if format == .nifti { try NIfTISamples(path).restore(part) }
        } catch {
          failure = error
          return
        }
      }
    }
    if let failure { throw failure.said(of: path) }
    return Volume(
      geometry: geometry, samples: samples, storedAs: storedAs, modality: modality,
      sources: format == .dicom ? files : [], name: path)
  }

  /// What every file must be: three axes, one value a place, a grid that can be computed with.
  static func check(_ file: HeaderFile, _ path: String) throws(TesseraError) {
    let action = "reading the header"
    let sizes = file.sizes
    guard sizes.dropFirst(3).allSatisfy({ $0 == 1 }) else {
      throw TesseraError(
        path, action,
        "it has \(sizes.count) dimensions, \(sizes.map(String.init).joined(separator: " x "));"
          + " take one volume out of it first")
    }
    guard file.header.components == 1 else {
      throw TesseraError(
        path, action,
        "it has \(file.header.components) values a place, as colours have; a volume has one")
    }
    try check(file.geometry, path)
  }

  /// What every geometry must be: one that this machine can hold and compute with.
  static func check(_ geometry: VolumeGeometry, _ path: String) throws(TesseraError) {
    let action = "reading the header"
    let sizes = (0..<3).map { geometry.size[$0] }
    guard sizes.allSatisfy({ $0 > 0 && $0 < 1 << 20 }) else {
      throw TesseraError(path, action, "its size is \(sizes); the header is broken")
    }
    guard (0..<3).allSatisfy({ geometry.spacing[$0] > 0 && geometry.spacing[$0].isFinite }) else {
      throw TesseraError(path, action, "its spacing is \(geometry.spacing) mm; correct the header")
    }
    guard (0..<3).allSatisfy({ geometry.origin[$0].isFinite }) else {
      throw TesseraError(path, action, "its origin is \(geometry.origin) mm; correct the header")
    }
    guard geometry.isHeld else {
      let memory = ProcessInfo.processInfo.physicalMemory
      throw TesseraError(
        path, action,
        "its header says \(sizes.map(String.init).joined(separator: " x ")) samples, which needs"
          + " more than the \(memory >> 30) GB of this machine")
    }
    let axes = geometry.axes
    let isSkewed = [(0, 1), (0, 2), (1, 2)].contains { abs(axes[$0].dot(axes[$1])) > 1e-3 }
    guard !isSkewed, axes.allSatisfy({ abs($0.length - 1) < 1e-3 }) else {
      throw TesseraError(path, action, HeaderFile.skewed)
    }
  }

  private static func remarks(_ file: HeaderFile) -> [String] {
    var remarks: [String] = []
    if file.format == .nifti {
      if let units = file.entry("xyzt_units").flatMap({ Int($0) }), units & 7 == 0 {
        remarks.append("the unit of its spacing is not said; taken as mm")
      }
      if file.entry("qform_code_name") == "NIFTI_XFORM_UNKNOWN",
        file.entry("sform_code_name") == "NIFTI_XFORM_UNKNOWN"
      {
        remarks.append("its orientation is not said; left and right may be swapped")
      }
    }
    return remarks
  }
}

extension TesseraError {
  /// What one of several files lacks, said of what the user has named.
  func said(of path: String) -> TesseraError {
    guard path != self.path else { return self }
    return TesseraError(path, action, "\(URL(filePath: self.path).lastPathComponent): \(reason)")
  }
}

import Base
import Foundation
public import Translation
public import Volumes

/// Where a translated volume goes, and as what.
public struct VolumeOutput: Sendable {
  /// The file; without an ending, the folder of a DICOM series.
  public let path: String
  /// Bits a sample; nil leaves them to the volume.
  public let depth: OutputDepth?
  /// What is kept in the file for its readers: that it is synthetic, and what made it.
  public let note: String

  private static let action = "writing the volume"

  /// Chooses the format by the ending of `path`.
  ///
  /// - Throws: Where volumes are not written so.
  public init(_ path: String, depth: OutputDepth?, note: String) throws(TesseraError) {
    (self.path, self.depth, self.note) = (path, depth, note)
    guard !Self.isSeries(path) else {
      guard depth == nil || depth == .sixteen else {
        throw TesseraError(path, Self.action, "DICOM series have 16 bits; leave --depth out")
      }
      return
    }
    let name = path.lowercased()
    guard VolumeFormat.writable.contains(where: { name.hasSuffix(".\($0)") }) else {
      let known = VolumeFormat.writable.map { ".\($0)" }.joined(separator: ", ")
      throw TesseraError(
        path, Self.action,
        "volumes are written as \(known), or without an ending as a folder of DICOM slices")
    }
  }

  /// Writes the volume, whole or not at all, in the place of an earlier result.
  ///
  /// - Throws: Where samples do not fit, or a DICOM series is asked for what is not CT.
  public func write(
    _ volume: Volume, title: String, willPublish: @escaping WillPublish = { _ in }
  ) throws(TesseraError) {
    guard Self.isSeries(path) else {
      return try VolumeWriter.write(
        volume, to: path, as: type(of: volume), note: note, willPublish: willPublish)
    }
    guard volume.modality == "CT" else {
      throw TesseraError(
        path, Self.action, "DICOM series are written of CT only; name a file, such as .nii.gz")
    }
    try SliceSeriesWriter(title: title, derivation: note).write(
      volume, to: path, replaces: true, willPublish: willPublish)
  }

  private func type(of volume: Volume) -> SampleType {
    switch depth {
    case nil: volume.storedAs
    case .eight: .uint8
    case .sixteen: volume.samples.contains { $0 < -0.5 } ? .int16 : .uint16
    case .float: .float32
    }
  }

  /// Whether a path without an ending is meant: the folder of a DICOM series.
  private static func isSeries(_ path: String) -> Bool {
    URL(filePath: path).pathExtension.isEmpty
  }
}

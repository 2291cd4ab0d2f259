import Base
import Foundation
internal import CITK

/// Writes a volume of HU as a DICOM series of its own.
///
/// It is a new series of the patient and study that the volume was read from: new identifiers, image
/// type DERIVED, every slice names the one it was made from, private tags are left behind.
public struct SliceSeriesWriter: Sendable {
  /// What the series is called; it should say that it is synthetic.
  public var title: String
  /// How it was made, for people who find it in an archive.
  public var derivation: String

  private static let action = "writing a DICOM series"
  /// DICOM's class of CT images.
  private static let imageClass = "1.2.840.10008.5.1.4.1.1.2"
  private static let intercept: Float = -1024

  /// Makes a writer of series with this name.
  public init(title: String, derivation: String) {
    self.title = title
    self.derivation = derivation
  }

  /// Writes a folder with one file a slice.
  ///
  /// A folder that exists is replaced only where `replaces` says so and it was written by this type.
  ///
  /// - Throws: Where a value is not in -33792...31743 HU, or the folder cannot be made.
  public func write(
    _ volume: Volume, to path: String, replaces: Bool = false,
    willPublish: WillPublish = { _ in }
  ) throws(TesseraError) {
    let exists = FileManager.default.fileExists(atPath: path)
    guard !exists || (replaces && Self.isOwn(path)) else {
      throw TesseraError(path, Self.action, "it exists; remove it or choose another name")
    }
    let stored = volume.samples.map { $0 - Self.intercept }
    let bytes = try SampleEncoding.bytes(stored, as: .int16, path: path)
    let shared = series(volume)
    let slice = 2 * volume.geometry.size.x * volume.geometry.size.y
    try AtomicFolder.write(
      path, replaces: exists, action: Self.action, willPublish: willPublish
    ) { temporary throws(TesseraError) in
      for index in 0..<volume.geometry.size.z {
        let number = "\(index + 1)"
        let zeros = String(repeating: "0", count: max(0, 4 - number.count))
        try write(
          Array(bytes[index * slice..<(index + 1) * slice]), shared + place(index, volume), volume,
          index, to: "\(temporary)/CT.\(zeros)\(number).dcm", named: path)
      }
    }
  }

  /// Whether a folder holds nothing but slices as they are named here.
  private static func isOwn(_ path: String) -> Bool {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      return false
    }
    return names.allSatisfy { name in
      name.hasPrefix("CT.") && name.hasSuffix(".dcm") && Int(name.dropFirst(3).dropLast(4)) != nil
    }
  }

  /// What all slices say.
  private func series(_ volume: Volume) -> [(String, String)] {
    var tags = [
      ("0008|0008", "DERIVED\\SECONDARY\\AXIAL"), ("0008|0016", Self.imageClass),
      ("0008|0060", "CT"), ("0008|0070", "Tessera"), ("0008|103e", String(title.prefix(64))),
      ("0008|2111", String(derivation.prefix(1024))), ("0020|000e", Self.identifier()),
      ("0020|0011", "9001"), ("0028|1052", "\(Int(Self.intercept))"), ("0028|1053", "1"),
      ("0028|1054", "HU"), ("0028|1050", "40"), ("0028|1051", "400"),
      ("0018|0050", decimal(volume.geometry.spacing.z)),
      (
        "0028|0030",
        "\(decimal(volume.geometry.spacing.y))\\\(decimal(volume.geometry.spacing.x))"
      ),
      (
        "0020|0037",
        (volume.geometry.axes[0].all + volume.geometry.axes[1].all).map(decimal).joined(
          separator: "\\")
      ),
    ]
    if volume.sources.isEmpty {
      // Nobody's: a study and a frame of reference of its own.
      tags += [
        ("0010|0010", "Anonymous"), ("0010|0020", "unknown"), ("0020|000d", Self.identifier()),
        ("0020|0052", Self.identifier()),
      ]
    }
    return tags
  }

  private func place(_ index: Int, _ volume: Volume) -> [(String, String)] {
    let origin = volume.geometry.place(SIMD3(0, 0, Double(index)))
    return [
      ("0008|0018", Self.identifier()), ("0020|0013", "\(index + 1)"),
      ("0020|0032", origin.all.map(decimal).joined(separator: "\\")),
    ]
  }

  private func write(
    _ bytes: [UInt8], _ tags: [(String, String)], _ volume: Volume, _ index: Int, to file: String,
    named path: String
  ) throws(TesseraError) {
    let (names, texts) = (CStrings(tags.map(\.0)), CStrings(tags.map(\.1)))
    // A series of one file has no slice of its own to name.
    let source =
      volume.sources.count == volume.geometry.size.z
      ? volume.sources[index] : volume.sources.first
    let sources = CStrings(source.map { [$0] } ?? [])
    var reason: UnsafeMutablePointer<CChar>?
    let isWritten = bytes.withUnsafeBytes { samples in
      names.withPointers { keys in
        texts.withPointers { values in
          sources.withPointers { sources in
            samples.bindMemory(to: Int16.self).baseAddress.map { start in
              var slice = ci_slice(
                columns: Int32(volume.geometry.size.x), rows: Int32(volume.geometry.size.y),
                samples: start, source: source == nil ? nil : sources[0], keys: keys,
                values: values, entries: Int32(tags.count))
              return ci_write_slice(file, &slice, &reason)
            }
          }
        }
      }
    }
    guard isWritten == true else { throw TesseraError(path, Self.action, HeaderFile.take(reason)) }
  }

  private static func identifier() -> String {
    let text = ci_make_uid()
    defer { ci_free_text(text) }
    return String(cString: text)
  }

  /// At most 16 characters, as DICOM's decimal strings have.
  private func decimal(_ value: Double) -> String {
    var digits = 15
    while true {
      let text = String(format: "%.\(digits)g", value)
      if text.utf8.count <= 16 || digits <= 6 { return text }
      digits -= 1
    }
  }
}

extension SIMD3<Double> {
  var all: [Double] { [x, y, z] }
}

import Base
import Foundation

/// DICOM files that make up one volume, a slice each.
struct SliceSeries {
  /// One file: where it lies, and to what it belongs.
  struct Slice {
    var path: String
    var series: String
    var title: String
    var modality: String?
    var geometry: VolumeGeometry
    var storedAs: SampleType
    var components: Int
    var hasPosition: Bool
    var hasSpacing: Bool
  }

  /// A file that cannot be read, and to what it belongs where that much can be.
  private struct Failure {
    var error: TesseraError
    var series: String?
  }

  private let slices: [Slice]
  private let remarks: [String]

  private static let action = "reading a DICOM series"

  /// Finds the series of a folder, or the one that a file belongs to among its neighbors.
  ///
  /// - Throws: Where a file cannot be read that is one of its slices, or may be one in a folder.
  static func find(_ path: String) throws(TesseraError) -> SliceSeries {
    if URL(filePath: path).hasDirectory {
      let found = slices(in: path)
      guard !found.slices.isEmpty else {
        let failure = found.failures.first.map { " (\($0.error))" } ?? ""
        throw TesseraError(path, action, "it holds no DICOM images\(failure)")
      }
      let series = Dictionary(grouping: found.slices, by: \.series)
      try check(found.failures.filter { $0.series.map { series[$0] != nil } ?? true }, path)
      guard series.count == 1 else {
        let names = series.values.map { "\($0[0].title) (\($0.count) files)" }.sorted()
        throw TesseraError(
          path, action,
          "it holds \(series.count) series: \(names.joined(separator: ", ")); give one file of"
            + " the one you want")
      }
      return SliceSeries(slices: found.slices, remarks: [])
    }
    let slice = try slice(path)
    if slice.geometry.size.z > 1 { return SliceSeries(slices: [slice], remarks: []) }
    let found = slices(in: URL(filePath: path).deletingLastPathComponent().path)
    try check(found.failures.filter { $0.series == slice.series }, path)
    let passed = found.failures.filter { $0.series == nil }.map { name(of: $0.error.path) }
    let remarks =
      passed.isEmpty
      ? []
      : ["files beside it cannot be read and are left out: \(passed.joined(separator: ", "))"]
    let series = found.slices.filter { $0.series == slice.series }
    return SliceSeries(slices: series.isEmpty ? [slice] : series, remarks: remarks)
  }

  /// Throws the first of several failures.
  private static func check(_ failures: [Failure], _ path: String) throws(TesseraError) {
    guard let first = failures.first else { return }
    let others = failures.count > 1 ? " (and \(failures.count - 1) more)" : ""
    throw TesseraError(
      path, action,
      "\(name(of: first.error.path))\(others) cannot be read: \(first.error.reason); remove what is no"
        + " slice")
  }

  /// The slices of a folder, and why files that may be slices cannot be read.
  private static func slices(in folder: String) -> (slices: [Slice], failures: [Failure]) {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    var (slices, failures): ([Slice], [Failure]) = ([], [])
    for name in names where !name.hasPrefix(".") {
      let path = URL(filePath: folder).appending(path: name).path
      guard VolumeFormat.mayBeSlice(path) else { continue }
      do throws(TesseraError) {
        slices.append(try slice(path))
      } catch {
        let elements = try? DICOMElements(path)
        // Directories, reports and contours lie beside slices, and are none.
        if elements?.isOther == true { continue }
        failures.append(Failure(error: error, series: elements?.text("0020|000e")))
      }
    }
    return (slices, failures)
  }

  private static func name(of path: String) -> String { URL(filePath: path).lastPathComponent }

  private static func slice(_ path: String) throws(TesseraError) -> Slice {
    let file = try HeaderFile(path, .dicom)
    for (key, name) in [
      ("0020|0032", "position"), ("0020|0037", "orientation"), ("0028|0030", "spacing of pixels"),
    ] {
      guard let text = file.entry(key) else { continue }
      guard file.numbers(key)?.allSatisfy(\.isFinite) == true else {
        throw HeaderNumbers.refuse(path, name, text)
      }
    }
    let number = file.entry("0020|0011").map { "series \($0)" }
    let title = [number, file.entry("0008|103e"), file.entry("0008|0060")].compactMap(\.self)
    return Slice(
      path: path, series: file.entry("0020|000e") ?? "",
      title: title.isEmpty ? "a series without a name" : title.joined(separator: " "),
      modality: file.entry("0008|0060"), geometry: file.geometry,
      storedAs: SampleType(file.header.type), components: Int(file.header.components),
      hasPosition: file.entry("0020|0032") != nil && file.entry("0020|0037") != nil,
      hasSpacing: file.entry("0028|0030") != nil)
  }

  /// The volume that the slices make, sorted by their positions.
  func volume(_ path: String) throws(TesseraError) -> VolumeFile {
    let first = slices[0]
    guard slices.allSatisfy({ $0.components == 1 }) else {
      throw fail(path, "its images are in colour; a volume has one value a place")
    }
    if slices.count == 1, first.geometry.size.z > 1 {
      do throws(TesseraError) {
        let frames = try FrameStack(try HeaderFile(first.path, .dicom))
        return file(path, try frames.geometry(), slices)
      } catch {
        throw error.said(of: path)
      }
    }
    if let other = slices.first(where: { $0.geometry.size.z > 1 }) {
      throw fail(
        path,
        "\(Self.name(of: other.path)) holds many frames, and is not alone in its series; give it by itself"
      )
    }
    guard slices.count > 1 else {
      throw fail(path, "it has one slice, a volume needs two at least; is the folder complete?")
    }
    guard slices.allSatisfy({ $0.geometry.size == first.geometry.size }) else {
      let sizes = Set(slices.map { "\($0.geometry.size.x) x \($0.geometry.size.y)" }).sorted()
      throw fail(path, "its slices have different sizes: \(sizes.joined(separator: ", "))")
    }
    guard slices.allSatisfy(\.hasSpacing) else {
      throw fail(path, "its slices do not say how large their pixels are")
    }
    guard slices.allSatisfy(\.hasPosition) else {
      throw fail(path, "slices do not say where they lie; their order would be a guess")
    }
    let isParallel = slices.allSatisfy { slice in
      (0..<2).allSatisfy { slice.geometry.axes[$0].dot(first.geometry.axes[$0]) > 1 - 1e-5 }
        && abs(slice.geometry.spacing.x / first.geometry.spacing.x - 1) < 1e-4
        && abs(slice.geometry.spacing.y / first.geometry.spacing.y - 1) < 1e-4
    }
    guard isParallel else {
      throw fail(path, "its slices are turned against each other or differ in spacing")
    }
    return try stacked(path)
  }

  private func stacked(_ path: String) throws(TesseraError) -> VolumeFile {
    var geometry = slices[0].geometry
    let normal = geometry.axes[0].cross(geometry.axes[1])
    let sorted = slices.sorted { $0.geometry.origin.dot(normal) < $1.geometry.origin.dot(normal) }
    let stack = try PlaneStack(
      sorted.map(\.geometry.origin), normal: normal, path, Self.action
    ) { Self.name(of: sorted[$0].path) }
    geometry.origin = sorted[0].geometry.origin
    geometry.spacing.z = stack.spacing
    geometry.axes[2] = stack.direction
    geometry.size.z = sorted.count
    return file(path, geometry, sorted)
  }

  private func file(_ path: String, _ geometry: VolumeGeometry, _ slices: [Slice]) -> VolumeFile {
    VolumeFile(
      path: path, format: .dicom, geometry: geometry, storedAs: slices[0].storedAs,
      modality: slices[0].modality, remarks: remarks, files: slices.map(\.path))
  }

  private func fail(_ path: String, _ reason: String) -> TesseraError {
    TesseraError(path, Self.action, reason)
  }
}

extension URL {
  /// Whether a folder is there.
  var hasDirectory: Bool {
    (try? resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
  }
}

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
  }

  private let slices: [Slice]

  private static let action = "reading a DICOM series"

  /// Finds the series of a folder, or the one that a file belongs to among its neighbours.
  static func find(_ path: String) throws(VolumeError) -> SliceSeries {
    if URL(filePath: path).hasDirectory {
      let found = slices(in: path)
      guard !found.slices.isEmpty else {
        let failure = found.failure.map { " (\($0))" } ?? ""
        throw VolumeError(path, action, "it holds no DICOM images\(failure)")
      }
      let series = Dictionary(grouping: found.slices, by: \.series)
      guard series.count == 1 else {
        let names = series.values.map { "\($0[0].title) (\($0.count) files)" }.sorted()
        throw VolumeError(
          path, action,
          "it holds \(series.count) series: \(names.joined(separator: ", ")); give one file of"
            + " the one you want")
      }
      return SliceSeries(slices: found.slices)
    }
    let slice = try slice(path)
    if slice.geometry.size.z > 1 { return SliceSeries(slices: [slice]) }
    let folder = URL(filePath: path).deletingLastPathComponent().path
    let series = slices(in: folder).slices.filter { $0.series == slice.series }
    return SliceSeries(slices: series.isEmpty ? [slice] : series)
  }

  private static func slices(in folder: String) -> (slices: [Slice], failure: VolumeError?) {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    var (slices, failure): ([Slice], VolumeError?) = ([], nil)
    for name in names where !name.hasPrefix(".") {
      let path = URL(filePath: folder).appending(path: name).path
      guard VolumeFormat.hasDICOMPrefix(path) || VolumeFormat(path: path) == .dicom else {
        continue
      }
      do throws(VolumeError) {
        slices.append(try slice(path))
      } catch {
        failure = failure ?? error
      }
    }
    return (slices, failure)
  }

  private static func slice(_ path: String) throws(VolumeError) -> Slice {
    let file = try HeaderFile(path, .dicom)
    let number = file.entry("0020|0011").map { "series \($0)" }
    let title = [number, file.entry("0008|103e"), file.entry("0008|0060")].compactMap(\.self)
    return Slice(
      path: path, series: file.entry("0020|000e") ?? "",
      title: title.isEmpty ? "a series without a name" : title.joined(separator: " "),
      modality: file.entry("0008|0060"), geometry: file.geometry,
      storedAs: SampleType(file.header.type), components: Int(file.header.components),
      hasPosition: file.entry("0020|0032") != nil && file.entry("0020|0037") != nil)
  }

  /// The volume that the slices make, sorted by their positions.
  func volume(_ path: String) throws(VolumeError) -> VolumeFile {
    let first = slices[0]
    guard slices.allSatisfy({ $0.components == 1 }) else {
      throw fail(path, "its images are in colour; a volume has one value a place")
    }
    if slices.count == 1, first.geometry.size.z > 1 {
      return file(path, first.geometry, slices)
    }
    guard slices.count > 1 else {
      throw fail(path, "it has one slice, a volume needs two at least; is the folder complete?")
    }
    guard slices.allSatisfy({ $0.geometry.size == first.geometry.size }) else {
      let sizes = Set(slices.map { "\($0.geometry.size.x) x \($0.geometry.size.y)" }).sorted()
      throw fail(path, "its slices have different sizes: \(sizes.joined(separator: ", "))")
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

  private func stacked(_ path: String) throws(VolumeError) -> VolumeFile {
    var geometry = slices[0].geometry
    let normal = geometry.axes[0].cross(geometry.axes[1])
    func height(_ slice: Slice) -> Double { slice.geometry.origin.dot(normal) }
    let sorted = slices.sorted { height($0) < height($1) }
    let heights = sorted.map(height)
    let steps = zip(heights.dropFirst(), heights).map { $0 - $1 }
    let step = steps.sorted()[steps.count / 2]
    for (index, distance) in steps.enumerated() {
      let names = [sorted[index], sorted[index + 1]].map {
        URL(filePath: $0.path).lastPathComponent
      }
      if distance < 1e-3 {
        throw fail(path, "\(names[0]) and \(names[1]) lie in the same place; remove one")
      }
      if abs(distance - step) > max(0.01 * step, 1e-3) {
        throw fail(
          path,
          "\(names[0]) and \(names[1]) lie \(short(distance)) mm apart, most others"
            + " \(short(step)) mm; slices are missing")
      }
    }
    let across = sorted[sorted.count - 1].geometry.origin - sorted[0].geometry.origin
    let tilt = degrees(acosine(across.dot(normal) / across.length))
    guard tilt < 0.1 else {
      throw fail(
        path,
        "its slices are shifted against each other, as with a gantry tilted by \(short(tilt))°;"
          + " resample it to a plain grid first")
    }
    geometry.origin = sorted[0].geometry.origin
    geometry.spacing.z = across.length / Double(sorted.count - 1)
    geometry.axes[2] = normal
    geometry.size.z = sorted.count
    return file(path, geometry, sorted)
  }

  private func file(_ path: String, _ geometry: VolumeGeometry, _ slices: [Slice]) -> VolumeFile {
    VolumeFile(
      path: path, format: .dicom, geometry: geometry, storedAs: slices[0].storedAs,
      modality: slices[0].modality, remarks: [], files: slices.map(\.path))
  }

  private func fail(_ path: String, _ reason: String) -> VolumeError {
    VolumeError(path, Self.action, reason)
  }

  private func short(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}

extension URL {
  /// Whether a folder is there.
  var hasDirectory: Bool {
    (try? resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
  }
}

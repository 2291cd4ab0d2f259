import Base
import Foundation

/// Writes slices as pages of a TIFF in the layout of ImageJ.
///
/// The first page's description has the distance of the slices and their unit, as ImageJ and tifffile read
/// it, and in lines of its own where the volume lies. Resolutions are pixels a mm. The samples of all
/// slices lie behind each other, because ImageJ looks at the first page only: libtiff would put the
/// directories in between.
struct TIFFStackWriter {
  private let geometry: VolumeGeometry
  private let type: SampleType
  /// Least and greatest sample, for the display.
  private let range: ClosedRange<Float>
  private let note: String

  private static let action = "writing a TIFF stack"
  /// Types that ImageJ shows.
  private static let types: [SampleType] = [.uint8, .uint16, .int16, .float32]
  /// Above, offsets do not fit into a plain TIFF.
  private static let largest = 4_000_000_000

  /// Checks that the type can be written.
  init(
    _ volume: Volume, as type: SampleType, note: String, path: String
  ) throws(TesseraError) {
    guard Self.types.contains(type) else {
      throw TesseraError(
        path, Self.action,
        "\(type.rawValue) is not written as TIFF; choose"
          + " \(Self.types.map(\.rawValue).joined(separator: ", "))")
    }
    geometry = volume.geometry
    self.type = type
    self.note = note
    let finite = volume.samples.lazy.filter(\.isFinite)
    let minimum = finite.min() ?? 0
    range = minimum...max(minimum, finite.max() ?? 0)
  }

  /// Writes some slices, of which `bytes` are the samples; errors name `path`.
  func write(_ bytes: ArraySlice<UInt8>, to file: String, named path: String) throws(TesseraError) {
    let slice = geometry.size.x * geometry.size.y * type.bytes
    let count = bytes.count / slice
    let text = Array(description(slices: count).utf8) + [0]
    let isBig = bytes.count + 300 * count + text.count > Self.largest
    var layout = TIFFDirectoryBytes(isBig: isBig)
    let start = layout.header(text, across: 1 / geometry.spacing.x, down: 1 / geometry.spacing.y)
    let end = start + bytes.count
    for index in 0..<count {
      layout.add(
        entries(at: start + index * slice, bytes: slice, hasText: index == 0),
        isLast: index == count - 1, end: end)
    }
    let descriptor = open(file, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path) }
    defer { close(descriptor) }
    for part in [layout.front[...], bytes, layout.back[...]] {
      guard Self.write(part, descriptor) else { throw Self.failure(path) }
    }
  }

  private func entries(at place: Int, bytes: Int, hasText: Bool) -> [TIFFDirectoryBytes.Entry] {
    let format = type == .float32 ? 3 : type == .int16 ? 2 : 1
    return [
      .long(256, geometry.size.x), .long(257, geometry.size.y), .short(258, 8 * type.bytes),
      .short(259, 1), .short(262, 1),
    ] + (hasText ? [.text(270)] : []) + [
      .offset(273, place), .short(277, 1), .long(278, geometry.size.y), .offset(279, bytes),
      .across(282), .down(283), .short(296, 1), .short(339, format),
    ]
  }

  private static func write(_ bytes: ArraySlice<UInt8>, _ descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let written = Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return false }
        rest = rest.dropFirst(written)
      }
      return true
    }
  }

  private static func failure(_ path: String) -> TesseraError {
    TesseraError(path, action, String(cString: strerror(errno)))
  }

  private func description(slices: Int) -> String {
    func list(_ numbers: [Double]) -> String { numbers.map { "\($0)" }.joined(separator: " ") }
    var lines = ["ImageJ=1.54f"]
    if slices > 1 { lines += ["images=\(slices)", "slices=\(slices)"] }
    lines += [
      "unit=mm", "spacing=\(geometry.spacing.z)", "loop=false", "min=\(range.lowerBound)",
      "max=\(range.upperBound)", "lps_origin=\(list(geometry.origin.all))",
      "lps_spacing=\(list(geometry.spacing.all))",
      "lps_axes=\(list(geometry.axes.flatMap(\.all)))",
    ]
    let note = note.split(whereSeparator: \.isNewline).joined(separator: " ")
    if !note.isEmpty { lines.append("note=\(note)") }
    return lines.joined(separator: "\n") + "\n"
  }
}

import Base
import Foundation
internal import CITK

/// One file of a volume, of which the header has been read.
final class HeaderFile {
  let path: String
  let format: VolumeFormat
  private let file: OpaquePointer
  let header: ci_header
  /// Why axes that are not at right angles are refused, by ITK or after it.
  static let skewed = "its axes are not at right angles; resample it to a plain grid first"

  /// Reads the header; throws what the library says and what to do, in one line.
  init(_ path: String, _ format: VolumeFormat) throws(TesseraError) {
    var reason: UnsafeMutablePointer<CChar>?
    guard let file = ci_open(path, format.code, &reason) else {
      let said = Self.take(reason).replacing("\(path) is", with: "it is")
      throw TesseraError(
        path, "reading the header",
        said.contains("orthonormal") ? Self.skewed : "\(said); copy it again, or convert it anew")
    }
    self.path = path
    self.format = format
    self.file = file
    header = ci_get_header(file)
  }

  deinit { ci_close(file) }

  /// An entry of the header, such as "0020|000e", without padding; nil where it is empty.
  func entry(_ key: String) -> String? {
    guard let text = ci_get_entry(file, key) else { return nil }
    defer { ci_free_text(text) }
    let value = String(cString: text).trimmingCharacters(in: .whitespacesAndNewlines)
    return value.isEmpty ? nil : value
  }

  /// Numbers of an entry that are separated by backslashes; nil where one is none.
  func numbers(_ key: String) -> [Double]? {
    let parts = entry(key)?.split(separator: "\\") ?? []
    let numbers = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    return numbers.isEmpty || numbers.count != parts.count ? nil : numbers
  }

  /// Sizes of all axes that the file has.
  var sizes: [Int] {
    let all: [Int64] = elements(header.size)
    return all.prefix(Int(header.dimensions)).map { Int($0) }
  }

  var geometry: VolumeGeometry {
    let size: [Int64] = elements(header.size)
    let spacing: [Double] = elements(header.spacing)
    let origin: [Double] = elements(header.origin)
    let direction: [Double] = elements(header.direction)
    return VolumeGeometry(
      size: SIMD3(Int(size[0]), Int(size[1]), Int(size[2])),
      spacing: SIMD3(spacing[0], spacing[1], spacing[2]),
      origin: SIMD3(origin[0], origin[1], origin[2]),
      axes: [0, 3, 6].map { SIMD3(direction[$0], direction[$0 + 1], direction[$0 + 2]) })
  }

  /// Reads all samples, rescaled, into `target`.
  func read(into target: UnsafeMutableBufferPointer<Float>) throws(TesseraError) {
    guard let start = target.baseAddress else { return }
    var reason: UnsafeMutablePointer<CChar>?
    guard ci_read(file, start, Int64(target.count), &reason) else {
      throw TesseraError(path, Completeness.action, "\(Self.take(reason)); copy it again")
    }
  }

  /// Takes over a reason that the library gave.
  static func take(_ reason: UnsafeMutablePointer<CChar>?) -> String {
    guard let reason else { return "the library does not say why" }
    defer { ci_free_text(reason) }
    let text = String(cString: reason).trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty ? "the library does not say why" : text
  }
}

/// The elements of an array that C declares in a structure.
private func elements<Tuple, Element>(_ tuple: Tuple) -> [Element] {
  withUnsafeBytes(of: tuple) { Array($0.bindMemory(to: Element.self)) }
}

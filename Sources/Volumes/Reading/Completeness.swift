import Foundation
internal import CITK

/// Whether a file holds all that its header promises: the libraries fill up with zeros what is missing.
enum Completeness {
  private static let action = "reading the samples"

  /// Throws where the file ends before its samples, of so many `bytes`, do.
  static func check(_ path: String, _ format: VolumeFormat, bytes: Int) throws(VolumeError) {
    switch format {
    case .nifti: try checkNIfTI(path)
    case .metaImage: try checkMetaImage(path, bytes)
    // The libraries notice by themselves.
    case .nrrd, .dicom, .tiff: return
    }
  }

  private static func checkNIfTI(_ path: String) throws(VolumeError) {
    let header = Self.header(of: path)
    let start = measure(header, keeping: 544, limit: 544).start
    guard start.count >= 348 else { throw VolumeError(path, action, "the file ends in its header") }
    let bytes = NumberReader(start)
    let isSecond = [540, 469_893_120].contains(bytes.int32(0))
    let isSwapped = !(isSecond ? bytes.int32(0) == 540 : bytes.int32(0) == 348)
    let numbers = NumberReader(start, isSwapped: isSwapped)
    let sizes = (1...7).map { axis in
      max(1, isSecond ? Int(numbers.int64(16 + 8 * axis)) : Int(numbers.int16(40 + 2 * axis)))
    }
    let dimensions = isSecond ? Int(numbers.int64(16)) : Int(numbers.int16(40))
    let bits = Int(numbers.int16(isSecond ? 14 : 72))
    let offset = isSecond ? Int(numbers.int64(168)) : Int(numbers.float(108))
    let samples = sizes.prefix(min(max(dimensions, 1), 7)).reduce(1.0) { $0 * Double($1) }
    let needed = samples * Double(bits) / 8 + Double(header == path ? max(0, offset) : 0)
    // What is too large for this machine has been refused before.
    guard needed < 1e15 else { throw VolumeError(path, action, "its header is broken") }
    try checkLength(Self.samples(of: path), Int(needed), named: path)
  }

  private static func checkMetaImage(_ path: String, _ bytes: Int) throws(VolumeError) {
    guard let data = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe) else {
      throw VolumeError(path, action, "the file cannot be read")
    }
    // The last line of the header says where the samples are.
    guard let key = data.range(of: Data("ElementDataFile".utf8)),
      let end = data[key.upperBound...].firstIndex(of: 10)
    else { return }
    let header = String(decoding: data[..<end], as: UTF8.self)
    var entries: [String: String] = [:]
    for line in header.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      if parts.count == 2 { entries[parts[0]] = parts[1] }
    }
    guard entries["ElementDataFile"] == "LOCAL" else { return }
    let isPacked = entries["CompressedData"]?.lowercased() == "true"
    let needed = isPacked ? entries["CompressedDataSize"].flatMap { Int($0) } ?? 0 : bytes
    guard data.endIndex - (end + 1) >= needed else {
      throw tooShort(path, data.endIndex - (end + 1), needed)
    }
  }

  private static func checkLength(
    _ file: String, _ needed: Int, named path: String
  ) throws(VolumeError) {
    let length = measure(file, keeping: 0, limit: needed).length
    guard length >= 0 else {
      throw VolumeError(path, action, "its compression is broken or ends early; copy it again")
    }
    guard length >= needed else { throw tooShort(path, length, needed) }
  }

  private static func tooShort(_ path: String, _ length: Int, _ needed: Int) -> VolumeError {
    VolumeError(
      path, action,
      "it ends after \(length) of \(needed) bytes, so slices are missing; copy it again")
  }

  private static func measure(
    _ path: String, keeping count: Int, limit: Int
  ) -> (start: [UInt8], length: Int) {
    var start = [UInt8](repeating: 0, count: max(count, 1))
    let length = Int(ci_measure(path, &start, Int32(count), Int64(limit)))
    return (Array(start.prefix(min(count, max(0, length)))), length)
  }

  /// The file that holds the header of a pair.
  private static func header(of path: String) -> String { partner(path, "img", "hdr") }

  /// The file that holds the samples of a pair.
  private static func samples(of path: String) -> String { partner(path, "hdr", "img") }

  private static func partner(_ path: String, _ ending: String, _ other: String) -> String {
    for packing in ["", ".gz"] where path.lowercased().hasSuffix(".\(ending)\(packing)") {
      let stem = path.dropLast(ending.count + packing.count)
      let found = ["", ".gz"].map { "\(stem)\(other)\($0)" }
      return found.first { FileManager.default.fileExists(atPath: $0) } ?? found[0]
    }
    return path
  }
}

/// Numbers at places of a header.
private struct NumberReader {
  private let bytes: [UInt8]
  private let isSwapped: Bool

  init(_ bytes: [UInt8], isSwapped: Bool = false) {
    self.bytes = bytes
    self.isSwapped = isSwapped
  }

  func int16(_ place: Int) -> Int16 { number(place) }
  func int32(_ place: Int) -> Int32 { number(place) }
  func int64(_ place: Int) -> Int64 { number(place) }
  func float(_ place: Int) -> Float {
    let value = Float(bitPattern: number(place))
    return value.isFinite && abs(value) < 1e9 ? value : 0
  }

  private func number<Number: FixedWidthInteger>(_ place: Int) -> Number {
    guard place + MemoryLayout<Number>.size <= bytes.count else { return 0 }
    let value = bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: place, as: Number.self)
    }
    return isSwapped ? value.byteSwapped : value
  }
}

import Foundation
internal import CITK

/// Whether files hold all that their headers promise: the libraries fill up with zeros, or with what the
/// memory happens to hold, what is missing.
enum Completeness {
  static let action = "reading the samples"

  /// Throws where a file ends before its samples, of so many `bytes` in all, do.
  static func check(
    _ files: [String], _ format: VolumeFormat, bytes: Int
  ) throws(VolumeError) {
    for path in files {
      switch format {
      case .nifti: try checkNIfTI(path)
      case .metaImage: try MetaSamples(path).check(bytes)
      case .dicom: try DICOMElements(path).checkSamples()
      // The libraries notice by themselves.
      case .nrrd, .tiff: continue
      }
    }
  }

  /// Throws where the packing of a header is broken, of which the library says that it is no header.
  static func checkPacking(_ path: String, _ format: VolumeFormat) throws(VolumeError) {
    guard format == .nifti, measure(header(of: path), keeping: 0, limit: 544).length < 0 else {
      return
    }
    throw VolumeError(path, "reading the header", broken)
  }

  private static func checkNIfTI(_ path: String) throws(VolumeError) {
    let (start, length) = measure(header(of: path), keeping: 544, limit: 544)
    guard length >= 0 else { throw VolumeError(path, action, broken) }
    guard start.count >= 348 else { throw VolumeError(path, action, "the file ends in its header") }
    let bytes = NumberReader(start)
    let isSecond = [540, 469_893_120].contains(bytes.int32(0))
    let isSwapped = !(isSecond ? bytes.int32(0) == 540 : bytes.int32(0) == 348)
    let numbers = NumberReader(start, isSwapped: isSwapped)
    let sizes = (1...7).map { axis in
      max(1, isSecond ? Int(numbers.int64(16 + 8 * axis)) : Int(numbers.int16(40 + 2 * axis)))
    }
    let dimensions = isSecond ? Int(numbers.int64(16)) : Int(numbers.int16(40))
    let type = Int(numbers.int16(isSecond ? 12 : 70))
    let bits = bits[type] ?? Int(numbers.int16(isSecond ? 14 : 72))
    let offset = isSecond ? Double(numbers.int64(168)) : Double(numbers.float(108))
    // "n+1" is one file: what its samples cannot start before is the header. "ni1" is a pair.
    let isPair = isSecond ? start[4] == 0x6e && start[5] == 0x69 : start[344...345] != [0x6e, 0x2b]
    let least = isPair ? 0 : isSecond ? 540.0 : 348.0
    let samples = sizes.prefix(min(max(dimensions, 1), 7)).reduce(1.0) { $0 * Double($1) }
    let needed = samples * Double(bits) / 8 + max(offset, least)
    // What is too large for this machine has been refused before.
    guard needed < 1e15 else { throw VolumeError(path, action, "its header is broken") }
    try checkLength(Self.samples(of: path), Int(needed), named: path)
  }

  /// Bits of NIfTI's types of samples, which count more than what the header says of them.
  private static let bits = [
    2: 8, 4: 16, 8: 32, 16: 32, 32: 64, 64: 64, 128: 24, 256: 8, 512: 16, 768: 32, 1024: 64,
    1280: 64, 1536: 128, 1792: 128, 2048: 256, 2304: 32,
  ]

  static let broken = "its compression is broken or ends early; copy it again"

  private static func checkLength(
    _ file: String, _ needed: Int, named path: String
  ) throws(VolumeError) {
    guard FileManager.default.fileExists(atPath: file) else {
      throw missing(path, file)
    }
    let length = measure(file, keeping: 0, limit: needed).length
    guard length >= 0 else { throw VolumeError(path, action, broken) }
    guard length >= needed else { throw tooShort(path, length, needed) }
  }

  static func missing(_ path: String, _ file: String) -> VolumeError {
    let name = URL(filePath: file).lastPathComponent
    return VolumeError(
      path, action, "\(name), which has samples of it, is not there; copy it as well")
  }

  /// What to say of a file that ends early; `file` is the one that does where it is another.
  static func tooShort(
    _ path: String, _ length: Int, _ needed: Int, file: String? = nil
  ) -> VolumeError {
    let name = file.map { URL(filePath: $0).lastPathComponent } ?? "it"
    return VolumeError(
      path, action,
      "\(name) ends after \(length) of \(needed) bytes, so slices are missing; copy it again")
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
      let endings = [other, "\(other).gz", other.uppercased(), "\(other).gz".uppercased()]
      let found = endings.map { "\(stem)\($0)" }
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
  /// 0 for what is no number.
  func float(_ place: Int) -> Float {
    let value = Float(bitPattern: number(place))
    return value.isNaN ? 0 : value
  }

  private func number<Number: FixedWidthInteger>(_ place: Int) -> Number {
    guard place + MemoryLayout<Number>.size <= bytes.count else { return 0 }
    let value = bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: place, as: Number.self)
    }
    return isSwapped ? value.byteSwapped : value
  }
}

import Base
import Foundation
internal import CITK
import TesseraPlugin

/// Where a NIfTI file has its samples: in its own file or in the other of a pair, packed or not.
struct NIfTISamples {
  private let path: String
  /// The file that holds them.
  private let file: String
  private let start: Int
  private let type: Int
  private let isSwapped: Bool
  /// Bytes of the file up to the last of them.
  private let needed: Int

  private static let action = Completeness.action

  /// Bits of the types of samples, which count more than what the header says of them.
  private static let bits = [
    2: 8, 4: 16, 8: 32, 16: 32, 32: 64, 64: 64, 128: 24, 256: 8, 512: 16, 768: 32, 1024: 64,
    1280: 64, 1536: 128, 1792: 128, 2048: 256, 2304: 32,
  ]

  /// Reads the header of a file.
  init(_ path: String) throws(TesseraError) {
    self.path = path
    file = Self.partner(path, "hdr", "img")
    let header = try Self.header(path)
    guard header.count >= 348 else {
      throw TesseraError(path, Self.action, "the file ends in its header")
    }
    let bytes = NumberReader(header)
    let isSecond = [540, 469_893_120].contains(bytes.int32(0))
    isSwapped = !(isSecond ? bytes.int32(0) == 540 : bytes.int32(0) == 348)
    let numbers = NumberReader(header, isSwapped: isSwapped)
    let sizes = (1...7).map { axis in
      max(1, isSecond ? Int(numbers.int64(16 + 8 * axis)) : Int(numbers.int16(40 + 2 * axis)))
    }
    let dimensions = isSecond ? Int(numbers.int64(16)) : Int(numbers.int16(40))
    type = Int(numbers.int16(isSecond ? 12 : 70))
    let bits = Self.bits[type] ?? Int(numbers.int16(isSecond ? 14 : 72))
    let offset = isSecond ? Double(numbers.int64(168)) : Double(numbers.float(108))
    // "n+1" is one file: what its samples cannot start before is the header. "ni1" is a pair.
    let isPair =
      isSecond ? header[4] == 0x6e && header[5] == 0x69 : header[344...345] != [0x6e, 0x2b]
    let first = max(offset, isPair ? 0 : isSecond ? 540 : 348)
    let samples = sizes.prefix(min(max(dimensions, 1), 7)).reduce(1.0) { $0 * Double($1) }
    // What is too large for this machine has been refused before.
    guard first + samples * Double(bits) / 8 < 1e15 else {
      throw TesseraError(path, Self.action, "its header is broken")
    }
    start = Int(saturating: first)
    needed = Int(saturating: (first + samples * Double(bits) / 8).rounded(.down))
  }

  /// Throws where a header's packing is broken, or where a number of its geometry is none or beyond all
  /// measure: the library puts others in their place, ends the program or never returns.
  ///
  /// A form that is not used may hold anything.
  static func checkNumbers(_ path: String) throws(TesseraError) {
    let header = try header(path)
    guard header.count >= 348 else { return }
    let plain = NumberReader(header)
    let isSecond = [540, 469_893_120].contains(plain.int32(0))
    let isSwapped = !(isSecond ? plain.int32(0) == 540 : plain.int32(0) == 348)
    let numbers = NumberReader(header, isSwapped: isSwapped)
    func check(
      _ name: String, _ first: Int, _ second: Int, _ indices: Range<Int>
    ) throws(TesseraError) {
      for index in indices {
        let value =
          isSecond
          ? Double(bitPattern: UInt64(bitPattern: numbers.int64(second + 8 * index)))
          : Double(Float(bitPattern: UInt32(bitPattern: numbers.int32(first + 4 * index))))
        guard abs(value) < 1e9 else { throw HeaderNumbers.refuse(path, name, "\(value)") }
      }
    }
    let axes = isSecond ? Int(clamping: numbers.int64(16)) : Int(numbers.int16(40))
    try check("pixdim", 76, 104, 1..<(min(max(axes, 1), 3) + 1))
    // In a pair the samples may start anywhere; in one file they come after the header.
    let isSingle = header[isSecond ? 5 : 345] == 0x2b
    let offset = isSecond ? Double(numbers.int64(168)) : Double(numbers.plainFloat(108))
    guard !isSingle || offset >= (isSecond ? 540 : 348) else {
      throw TesseraError(
        path, "reading the header",
        "its samples are said to start at byte \(offset), inside of the header; correct vox_offset")
    }
    // Headers of Analyze have other things in the places of the forms.
    guard isSecond || header[344] == 0x6e && header[347] == 0 else { return }
    if isSecond ? numbers.int32(344) > 0 : numbers.int16(252) > 0 {
      try check("pixdim", 76, 104, 0..<1)
      try check("quatern", 256, 352, 0..<3)
      try check("qoffset", 268, 376, 0..<3)
    }
    if isSecond ? numbers.int32(348) > 0 : numbers.int16(254) > 0 {
      try check("srow", 280, 400, 0..<12)
    }
  }

  /// Throws where samples are missing.
  func check() throws(TesseraError) {
    guard FileManager.default.fileExists(atPath: file) else {
      throw Completeness.missing(path, file)
    }
    let length = Int(ci_measure(file, 0, nil, 0, Int64(needed)))
    guard length >= 0 else { throw TesseraError(path, Self.action, Completeness.broken) }
    guard length >= needed else { throw Completeness.tooShort(path, length, needed) }
  }

  /// Puts NaN and infinity back where the library has made 0 of them.
  func restore(_ samples: UnsafeMutableBufferPointer<Float>) {
    guard type == 16 || type == 64, let target = samples.baseAddress else { return }
    ci_restore_gaps(file, Int64(start), type == 64, isSwapped, target, Int64(samples.count))
  }

  private static func header(_ path: String) throws(TesseraError) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 544)
    let length = Int(ci_measure(partner(path, "img", "hdr"), 0, &header, 544, 544))
    guard length >= 0 else { throw TesseraError(path, "reading the header", Completeness.broken) }
    return Array(header.prefix(length))
  }

  /// The file of a pair with the `other` ending; the path itself where it is no pair.
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
  func plainFloat(_ place: Int) -> Float { Float(bitPattern: number(place)) }
  /// 0 for what is no number.
  func float(_ place: Int) -> Float {
    let value = plainFloat(place)
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

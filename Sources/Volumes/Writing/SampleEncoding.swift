import Base
import TesseraPlugin

/// Turns samples into the numbers that a file holds.
enum SampleEncoding {
  /// The bytes of all samples, rounded to the nearest number of the type, halves away from zero.
  ///
  /// - Throws: Where one does not fit: nothing is wrapped or cut off.
  static func bytes(
    _ samples: [Float], as type: SampleType, path: String
  ) throws(TesseraError) -> [UInt8] {
    if let range = type.range {
      let unfit = samples.first { !($0.isFinite && range.contains(Double($0.rounded()))) }
      if let unfit {
        throw TesseraError(
          path, "writing the volume",
          "a sample is \(unfit), \(type.rawValue) holds \(range.lowerBound.plain) to"
            + " \(range.upperBound.plain); write it as float32")
      }
    }
    switch type {
    case .uint8: return raw(samples) { UInt8(saturating: $0) }
    case .int8: return raw(samples) { Int8(saturating: $0) }
    case .uint16: return raw(samples) { UInt16(saturating: $0) }
    case .int16: return raw(samples) { Int16(saturating: $0) }
    case .uint32: return raw(samples) { UInt32(saturating: $0) }
    case .int32: return raw(samples) { Int32(saturating: $0) }
    case .uint64: return raw(samples) { UInt64(saturating: $0) }
    case .int64: return raw(samples) { Int64(saturating: $0) }
    case .float32: return raw(samples) { $0 }
    case .float64: return raw(samples) { Double($0) }
    }
  }

  private static func raw<Number>(_ samples: [Float], _ number: (Float) -> Number) -> [UInt8] {
    let stride = MemoryLayout<Number>.stride
    return [UInt8](unsafeUninitializedCapacity: samples.count * stride) { buffer, count in
      var offset = 0
      for sample in samples {
        UnsafeMutableRawBufferPointer(buffer).storeBytes(
          of: number(sample), toByteOffset: offset, as: Number.self)
        offset += stride
      }
      count = offset
    }
  }
}

extension Double {
  /// Without a fraction where there is none.
  fileprivate var plain: String { magnitude < 1e15 ? "\(Int(self))" : "\(self)" }
}

import Base
import Foundation

extension TIFFStack {
  /// Reads all samples, slice by slice.
  ///
  /// - Throws: Where a page cannot be read, with its number or its file.
  func samples() throws(TesseraError) -> [Float] {
    var samples = [Float](repeating: 0, count: first.width * first.height * slices)
    try samples.withUnsafeMutableBufferPointer {
      (buffer: inout UnsafeMutableBufferPointer<Float>) throws(TesseraError) in
      if files.count > 1 {
        for (index, file) in files.enumerated() {
          decode(try TIFFReader(file).read(number: 1), index, buffer)
        }
        return
      }
      let reader = try TIFFReader(path)
      if reader.isLast { return try readPieces(reader, buffer) }
      for index in 0..<slices {
        guard index == 0 || reader.advance() else {
          throw Self.fail(path, "page \(index + 1) cannot be read; is the file complete?")
        }
        decode(try reader.read(number: index + 1), index, buffer)
      }
    }
    return samples
  }

  /// Reads slices that lie behind each other, without pages of their own.
  private func readPieces(
    _ reader: TIFFReader, _ buffer: UnsafeMutableBufferPointer<Float>
  ) throws(TesseraError) {
    let count = first.width * first.height * (first.type?.bytes ?? 1)
    guard let start = reader.start, let handle = FileHandle(forReadingAtPath: path) else {
      throw Self.fail(path, "it cannot be read")
    }
    defer { try? handle.close() }
    try? handle.seek(toOffset: UInt64(start))
    for index in 0..<slices {
      guard let piece = try? handle.read(upToCount: count), piece.count == count else {
        throw Self.fail(path, "it ends in slice \(index + 1) of \(slices); copy it again")
      }
      decode([UInt8](piece), index, buffer, isSwapped: reader.isSwapped)
    }
  }

  private func decode(
    _ bytes: [UInt8], _ slice: Int, _ buffer: UnsafeMutableBufferPointer<Float>,
    isSwapped: Bool = false
  ) {
    let start = slice * first.width * first.height
    func fill<Stored: FixedWidthInteger>(_: Stored.Type, _ number: (Stored) -> Float) {
      bytes.withUnsafeBytes { bytes in
        for (index, stored) in bytes.bindMemory(to: Stored.self).enumerated() {
          buffer[start + index] = number(isSwapped ? stored.byteSwapped : stored)
        }
      }
    }
    switch first.type {
    case .int8: fill(Int8.self) { Float($0) }
    case .uint16: fill(UInt16.self) { Float($0) }
    case .int16: fill(Int16.self) { Float($0) }
    case .uint32: fill(UInt32.self) { Float($0) }
    case .int32: fill(Int32.self) { Float($0) }
    case .float32: fill(UInt32.self) { Float(bitPattern: $0) }
    default: fill(UInt8.self) { Float($0) }
    }
  }
}

import Foundation

/// What libFuzzer calls with every input.
///
/// A reader may return or throw, whatever the bytes are; a trap, a hang or gigabytes of memory are
/// defects. The environment variable `TESSERA_FUZZ_READER` names the reader.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Bytes of their own, so that the sanitizer sees a read beyond their end.
  let data = start.map { Data(bytes: $0, count: count) } ?? Data()
  try? reader(data)
  return 0
}

private let reader: @Sendable (Data) throws -> Void = {
  let name = ProcessInfo.processInfo.environment["TESSERA_FUZZ_READER"] ?? ""
  guard let reader = readers[name] else {
    preconditionFailure("TESSERA_FUZZ_READER is one of \(readers.keys.sorted())")
  }
  return reader
}()

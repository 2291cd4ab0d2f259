/// Memory that files are copied through.
final class ByteBuffer {
  /// The memory, a megabyte.
  let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)

  deinit { bytes.deallocate() }
}

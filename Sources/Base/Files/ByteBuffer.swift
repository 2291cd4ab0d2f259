/// Memory that files are copied through.
package final class ByteBuffer {
  /// The memory, a megabyte.
  package let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)

  package init() {}

  deinit { bytes.deallocate() }
}

import Foundation

/// Texts as C takes them: an array of pointers.
final class CStrings {
  private let pointers: [UnsafeMutablePointer<CChar>]

  init(_ texts: [String]) {
    // One more, so that an empty array has an address too.
    pointers = (texts + [""]).compactMap { strdup($0) }
  }

  deinit { pointers.forEach { free($0) } }

  /// Lends the array; nil where there was no memory for it.
  func withPointers<Result>(
    _ body: (UnsafePointer<UnsafePointer<CChar>>) -> Result
  ) -> Result? {
    pointers.map { UnsafePointer($0) }.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map(body)
    }
  }
}

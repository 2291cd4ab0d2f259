import Foundation

/// Texts as C wants a list of them, for as long as this lives.
struct CStrings: ~Copyable {
  /// A pointer to each, and null behind the last.
  let pointers: [UnsafeMutablePointer<CChar>?]

  init(_ texts: [String]) { pointers = texts.map { strdup($0) } + [nil] }

  deinit { for pointer in pointers { free(pointer) } }
}

/// Links from a page to files beside it.
enum PageLink {
  /// A relative path for `src` and `href`: no scheme, no query.
  static func to(_ path: String) -> String {
    var link = "./"
    for byte in path.utf8 {
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || "-._~/".utf8.contains(byte)
      if isPlain {
        link.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        link += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return link
  }
}

/// Why bytes are not what they claim to be; becomes a `TesseraError` where the file is known.
struct Refusal: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  static let cut = Refusal("it ends too early: the file is cut off, copy or download it again")
}

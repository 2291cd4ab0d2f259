/// What a pickle says about a storage that stands outside of it:
/// ('storage', class, key, device, number of elements, view).
struct StorageReference {
  /// Part of another storage, in elements; only in files before torch 1.6.
  struct View {
    let key: String
    let offset: Int
    let count: Int
  }

  let type: StorageType
  let key: String
  let count: Int
  let view: View?

  init(_ identifier: PickleValue, in pickle: Pickle) throws(FormatError) {
    guard let parts = pickle.elements(identifier), parts.count >= 5,
      case .text("storage") = parts[0], case .global(.storage(let type)) = parts[1],
      let key = Self.key(parts[2]), case .int(let count) = parts[4], count >= 0
    else {
      throw FormatError("it refers to something outside of its pickle that is not a storage")
    }
    self.type = type
    self.key = key
    self.count = count
    if parts.count > 5, let view = pickle.elements(parts[5]) {
      guard view.count == 3, let key = Self.key(view[0]), case .int(let offset) = view[1],
        case .int(let size) = view[2], offset >= 0, size >= 0
      else { throw FormatError("it describes part of storage \(key) in an unknown way") }
      self.view = View(key: key, offset: offset, count: size)
    } else {
      view = nil
    }
  }

  /// A key as text, whichever type it has.
  static func key(_ value: PickleValue) -> String? {
    switch value {
    case .text(let text): text
    case .int(let number): String(number)
    default: nil
    }
  }
}

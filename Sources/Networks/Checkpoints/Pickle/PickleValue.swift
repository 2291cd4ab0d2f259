/// A value in a pickle, as far as tensors need it.
enum PickleValue {
  case none
  case bool(Bool)
  case int(Int)
  case text(String)
  case global(PickleGlobal)
  /// Place in `Pickle.objects`.
  case object(Int)
  /// Floats, bytes, wide integers, long text: nothing that describes a tensor.
  case opaque
}

/// Something in a pickle that has parts, or is made by a call that is never carried out.
struct PickleObject {
  enum Kind {
    case list, tuple, dictionary
    /// What stands outside of the pickle, such as a storage; `arguments` is its identifier.
    case persistent
    case call(PickleGlobal)
  }

  let kind: Kind
  /// Elements in order; a dictionary or call alternates keys and values.
  var items: [PickleValue] = []
  /// What a call was given.
  var arguments = PickleValue.none
}

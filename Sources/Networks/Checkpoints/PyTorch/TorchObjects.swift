import Foundation

/// A pickle with the storages that it refers to.
struct TorchObjects {
  let pickle: Pickle
  /// Raw numbers by key.
  let storages: [String: Data]

  /// Whether a value is a tensor of any kind; says nothing about its being sound.
  func isTensor(_ value: PickleValue) -> Bool {
    switch pickle.call(value)?.function {
    case .rebuildTensor, .rebuildTypedTensor, .rebuildParameter, .rebuildFromType, .otherTensor:
      true
    default: false
    }
  }

  /// The tensor that a value describes.
  func view(_ value: PickleValue) throws(FormatError) -> TensorView {
    guard let call = pickle.call(value) else { throw FormatError("it is not a tensor") }
    return try view(call.function, call.arguments, depth: 0)
  }

  private func view(
    _ function: PickleGlobal, _ arguments: [PickleValue], depth: Int
  ) throws(FormatError) -> TensorView {
    let unknown = FormatError("it is described in an unknown way")
    guard depth < 4 else { throw unknown }
    switch function {
    case .rebuildTensor, .rebuildTypedTensor:
      return try view(arguments, isTyped: function == .rebuildTypedTensor)
    case .rebuildParameter:
      guard let data = arguments.first else { throw unknown }
      guard let call = pickle.call(data) else { throw unknown }
      return try view(call.function, call.arguments, depth: depth + 1)
    case .rebuildFromType:
      guard arguments.count >= 3, case .global(let function) = arguments[0],
        let arguments = pickle.elements(arguments[2])
      else { throw unknown }
      return try view(function, arguments, depth: depth + 1)
    case .otherTensor(let kind):
      throw FormatError("it is \(kind), which is not read; convert it in Python")
    default: throw unknown
    }
  }

  private func view(_ arguments: [PickleValue], isTyped: Bool) throws(FormatError) -> TensorView {
    guard arguments.count >= (isTyped ? 7 : 4),
      let identifier = pickle.persistentIdentifier(arguments[0]),
      case .int(let offset) = arguments[1],
      let shape = integers(arguments[2]), let strides = integers(arguments[3])
    else { throw FormatError("it is described in an unknown way") }
    let reference = try StorageReference(identifier, in: pickle)
    let storage = try bytes(reference)
    var element = reference.type.element
    var name = reference.type.name
    if isTyped, case .global(.elementType(let type)) = arguments[6] {
      element = CheckpointElement(torchName: type)
      name = type
    }
    guard let element else {
      throw FormatError("it holds \(name) numbers, which are not read; convert it in Python")
    }
    return try TensorView(
      storage: storage, element: element, offset: offset, shape: shape, strides: strides)
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard let elements = pickle.elements(value), elements.count <= TensorView.rankLimit else {
      return nil
    }
    var integers: [Int] = []
    for case .int(let integer) in elements { integers.append(integer) }
    return integers.count == elements.count ? integers : nil
  }

  private func bytes(_ reference: StorageReference) throws(FormatError) -> Data {
    guard let whole = storages[reference.key] else {
      throw FormatError("its storage \(reference.key) is missing from the file")
    }
    let size = reference.type.byteCount
    // Divided rather than multiplied: no count can overflow.
    guard reference.count <= whole.count / size else {
      throw FormatError(
        "its storage \(reference.key) has \(whole.count) bytes, too few for \(reference.count)"
          + " numbers: the file is cut off, copy or download it again")
    }
    guard let view = reference.view else { return whole.prefix(reference.count * size) }
    guard view.offset <= reference.count, view.count <= reference.count - view.offset else {
      throw FormatError("it is part \(view.key) of storage \(reference.key), but reaches beyond it")
    }
    return whole.dropFirst(view.offset * size).prefix(view.count * size)
  }
}

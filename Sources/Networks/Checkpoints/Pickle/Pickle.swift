/// What a pickle describes.
///
/// Objects refer to each other by their place in one array: cycles and nesting of any depth cost
/// nothing, and are freed without recursion.
struct Pickle {
  let root: PickleValue
  let objects: [PickleObject]

  /// The elements of a list or tuple; `torch.Size` counts as one.
  func elements(_ value: PickleValue) -> [PickleValue]? {
    guard case .object(let place) = value else { return nil }
    let object = objects[place]
    switch object.kind {
    case .list, .tuple: return object.items
    case .call(.size):
      guard let arguments = plainElements(object.arguments), arguments.count == 1 else {
        return nil
      }
      return plainElements(arguments[0])
    default: return nil
    }
  }

  private func plainElements(_ value: PickleValue) -> [PickleValue]? {
    guard case .object(let place) = value else { return nil }
    switch objects[place].kind {
    case .list, .tuple: return objects[place].items
    default: return nil
    }
  }

  /// The identifier of an object outside of the pickle.
  func persistentIdentifier(_ value: PickleValue) -> PickleValue? {
    guard case .object(let place) = value, case .persistent = objects[place].kind else {
      return nil
    }
    return objects[place].arguments
  }

  /// The function and the arguments that make an object.
  func call(_ value: PickleValue) -> (function: PickleGlobal, arguments: [PickleValue])? {
    guard case .object(let place) = value, case .call(let function) = objects[place].kind,
      let arguments = elements(objects[place].arguments)
    else { return nil }
    return (function, arguments)
  }

  /// Whether the value is a dictionary of any class.
  func isDictionary(_ value: PickleValue) -> Bool {
    guard case .object(let place) = value else { return false }
    switch objects[place].kind {
    case .dictionary, .call(.dictionary): return true
    default: return false
    }
  }

  /// What a dictionary holds under keys that are text, in order; as in Python, what is set again
  /// keeps its place.
  func entries(_ value: PickleValue) -> [(key: String, value: PickleValue)]? {
    guard isDictionary(value), case .object(let place) = value else { return nil }
    let items = objects[place].items
    var entries: [(key: String, value: PickleValue)] = []
    var places: [String: Int] = [:]
    places.reserveCapacity(items.count / 2)
    func set(_ key: PickleValue, _ value: PickleValue) {
      guard case .text(let key) = key else { return }
      if let place = places[key] {
        entries[place].value = value
      } else {
        places[key] = entries.count
        entries.append((key, value))
      }
    }
    for index in stride(from: 0, to: items.count - 1, by: 2) {
      set(items[index], items[index + 1])
    }
    return entries
  }
}

/// Tensors by name, in the order of the file.
public struct CheckpointTensors: Sendable, Hashable, RandomAccessCollection {
  /// A tensor and its name.
  public typealias Element = (name: String, tensor: CheckpointTensor)

  /// Names in order.
  public private(set) var names: [String] = []
  private var tensors: [CheckpointTensor] = []
  private var places: [String: Int] = [:]

  /// Makes an empty collection.
  public init() {}

  /// Makes a collection; of several tensors with one name the last stays.
  public init(_ elements: some Sequence<Element>) {
    for element in elements { self[element.name] = element.tensor }
  }

  /// First place.
  public var startIndex: Int { 0 }
  /// Number of tensors.
  public var endIndex: Int { names.count }

  /// The tensor at a place.
  public subscript(position: Int) -> Element { (names[position], tensors[position]) }

  /// The tensor of this name; a new name goes to the end, setting nil removes.
  public subscript(name: String) -> CheckpointTensor? {
    get { places[name].map { tensors[$0] } }
    set {
      if let place = places[name] {
        if let newValue {
          tensors[place] = newValue
        } else {
          names.remove(at: place)
          tensors.remove(at: place)
          places = [:]
          for (place, name) in names.enumerated() { places[name] = place }
        }
      } else if let newValue {
        places[name] = names.count
        names.append(name)
        tensors.append(newValue)
      }
    }
  }
}

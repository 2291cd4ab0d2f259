import Foundation

/// Elements of a value that could be worked out without an image.
struct KnownValue: Sendable, Equatable {
  /// Elements in row-major order.
  var elements: [Double]
  /// Type that they have in the graph.
  var type: ElementType

  init(_ elements: [Double], _ type: ElementType) {
    self.elements = elements
    self.type = type
  }

  /// The elements of a constant; nil where there are more than `maximum`.
  init?(_ constant: Constant, maximum: Int) {
    guard constant.count <= maximum else { return nil }
    elements = constant.integers?.map(Double.init) ?? constant.floats.map(Double.init)
    type = constant.elementType
  }

  /// The elements as integers; nil where one is none.
  var integers: [Int]? {
    let integers = elements.compactMap { element -> Int? in
      // The largest integers, which exporters write for "to the end", are no exact doubles.
      if abs(element) >= 0x1p62 { return element > 0 ? .max : .min }
      return Int(exactly: element.rounded())
    }
    return integers.count == elements.count ? integers : nil
  }

  /// The value as a constant; nil for types that no size and no factor has.
  func constant(shape: [Int]) -> Constant? {
    switch type {
    case .int64: integers.map { Constant(integers: $0).reshaped(shape) }
    case .float32: Constant(elements.map { Float($0) }, shape: shape)
    case .int32:
      integers.flatMap { values in
        let narrow = values.compactMap { Int32(exactly: $0) }
        guard narrow.count == values.count else { return nil }
        return Constant(
          shape: shape, elementType: .int32, bytes: narrow.withUnsafeBytes { Data($0) })
      }
    case .bool:
      Constant(shape: shape, elementType: .bool, bytes: Data(elements.map { $0 == 0 ? 0 : 1 }))
    default: nil
    }
  }
}

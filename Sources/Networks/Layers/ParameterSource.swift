public import ModelGraph

/// Parameters by name, as a checkpoint has them.
public protocol ParameterSource: Sendable {
  /// Names in the order of the file.
  var names: [String] { get }
  /// Sizes of the axes of a parameter; nil where there is none of that name.
  func shape(of name: String) -> [Int]?
  /// The numbers of a parameter, last axis fastest; as many as its shape has.
  func floats(_ name: String) throws(ModelError) -> [Float]
}

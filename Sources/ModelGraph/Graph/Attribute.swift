/// A parameter of a node that is not a tensor flowing into it.
public enum Attribute: Sendable, Hashable {
  case integer(Int)
  case float(Float)
  case text(String)
  case integers([Int])
  case floats([Float])
  case texts([String])
  case constant(Constant)
}

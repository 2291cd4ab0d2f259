internal import CTorch

extension Tensor {
  private static func binary(_ op: ct_binary_operator, _ a: Tensor, _ b: Tensor) -> Tensor {
    Tensor(ct_binary(Int32(op.rawValue), a.handle, b.handle))
  }

  static func + (a: Tensor, b: Tensor) -> Tensor { binary(ct_add, a, b) }
  static func - (a: Tensor, b: Tensor) -> Tensor { binary(ct_subtract, a, b) }
  static func * (a: Tensor, b: Tensor) -> Tensor { binary(ct_multiply, a, b) }
  static func / (a: Tensor, b: Tensor) -> Tensor { binary(ct_divide, a, b) }
  static func + (a: Tensor, b: Double) -> Tensor { Tensor(ct_affine(a.handle, 1, b)) }
  static func - (a: Tensor, b: Double) -> Tensor { Tensor(ct_affine(a.handle, 1, -b)) }
  static func - (a: Double, b: Tensor) -> Tensor { Tensor(ct_affine(b.handle, -1, a)) }
  static func * (a: Double, b: Tensor) -> Tensor { Tensor(ct_affine(b.handle, a, 0)) }
  static func / (a: Tensor, b: Double) -> Tensor { Tensor(ct_affine(a.handle, 1 / b, 0)) }
  static prefix func - (a: Tensor) -> Tensor { -1 * a }

  func power(_ exponent: Tensor) -> Tensor { Self.binary(ct_power, self, exponent) }
  func maximum(_ other: Tensor) -> Tensor { Self.binary(ct_maximum, self, other) }
  func minimum(_ other: Tensor) -> Tensor { Self.binary(ct_minimum, self, other) }

  private func unary(_ op: ct_unary_operator) -> Tensor {
    Tensor(ct_unary(Int32(op.rawValue), handle))
  }

  var relu: Tensor { unary(ct_relu) }
  var tanh: Tensor { unary(ct_tanh) }
  var sigmoid: Tensor { unary(ct_sigmoid) }
  /// log(1 + exp(x)).
  var softplus: Tensor { unary(ct_softplus) }
  var exp: Tensor { unary(ct_exp) }
  var log: Tensor { unary(ct_log) }
  var squareRoot: Tensor { unary(ct_sqrt) }
  var magnitude: Tensor { unary(ct_abs) }
  var errorFunction: Tensor { unary(ct_erf) }
  var squared: Tensor { unary(ct_square) }
  var floor: Tensor { unary(ct_floor) }
  var reciprocal: Tensor { unary(ct_reciprocal) }

  func leakyReLU(_ slope: Double) -> Tensor { Tensor(ct_leaky_relu(handle, slope)) }
  func elu(_ alpha: Double) -> Tensor { Tensor(ct_elu(handle, alpha)) }
  func clamped(_ range: ClosedRange<Double>) -> Tensor {
    Tensor(ct_clamp(handle, range.lowerBound, range.upperBound))
  }

  private func reduced(_ op: ct_reduction, _ axes: [Int], _ keeps: Bool) -> Tensor {
    Tensor(axes.asInt64 { ct_reduce(Int32(op.rawValue), handle, $0, $1, keeps) })
  }

  /// Mean over the axes, or over everything.
  func mean(_ axes: [Int] = [], keeps: Bool = false) -> Tensor { reduced(ct_mean, axes, keeps) }
  /// Sum over the axes, or over everything.
  func sum(_ axes: [Int] = [], keeps: Bool = false) -> Tensor { reduced(ct_sum, axes, keeps) }
  /// The largest along the axes, or of everything.
  func largest(_ axes: [Int] = [], keeps: Bool = false) -> Tensor {
    reduced(ct_largest, axes, keeps)
  }

  /// Mean of -log softmax(row)[0] over rows.
  var crossEntropyOfFirst: Tensor { Tensor(ct_cross_entropy_of_first(handle)) }

  /// Matrix product of the last two axes.
  func product(_ other: Tensor) -> Tensor { Tensor(ct_product(handle, other.handle)) }
  func softmax(_ axis: Int) -> Tensor { Tensor(ct_softmax(handle, Int64(axis))) }
  /// Orthogonal rows, or columns where there are more rows than columns, of a normal matrix.
  var withOrthogonalRows: Tensor { Tensor(ct_orthogonal(handle)) }
}

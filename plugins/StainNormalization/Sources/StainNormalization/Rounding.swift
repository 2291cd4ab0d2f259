/// How a computed level becomes a whole number.
enum Rounding: Sendable {
  /// To the nearest level.
  case nearest
  /// Down, as a cast to an integer does.
  case truncating

  /// What to add before rounding to the nearest level.
  ///
  /// A value that lies less than 2^-16 below a level counts as that level: single precision cannot
  /// tell them apart at 255.
  var bias: Float { self == .nearest ? 0 : -0.5 + 0x1p-16 }
}

/// A function of the color of a pixel, eight pixels at a time.
///
/// Levels are on the scale 0...255 whatever the depth of the image.
protocol PixelKernel: Sendable {
  /// What is done to each channel by itself: for 8 bits it comes out of a table.
  func decode(_ level: Vector) -> Vector
  /// Turns the decoded channels into output levels, in place; they may lie outside of 0...255.
  func mix(_ red: inout Vector, _ green: inout Vector, _ blue: inout Vector)
}

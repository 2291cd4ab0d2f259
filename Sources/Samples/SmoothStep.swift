/// Rises from 0 to 1 while `x` rises from 0 to 1.
@inline(__always)
func smoothStep(_ x: Float) -> Float {
  let t = min(1, max(0, x))
  return t * t * (3 - 2 * t)
}

import TesseraPlugin
import Testing

struct SaturationTests {
  /// By comparisons and the standard library alone.
  private func plain<Number: FixedWidthInteger>(_ value: Float, as: Number.Type) -> Number {
    if value.isNaN { return 0 }
    let rounded = value.rounded()
    if rounded <= Float(Number.min) { return .min }
    return rounded >= Float(Number.max) ? .max : Number(rounded)
  }

  private func check<Number: FixedWidthInteger>(_ value: Float, as type: Number.Type) {
    let expected = plain(value, as: type)
    #expect(Number(saturating: value) == expected, "\(value) as \(type)")
    #expect(Number(saturating: Double(value)) == expected, "\(value) as \(type), in Double")
  }

  @Test(arguments: [
    Float.nan, -.nan, .signalingNaN, .infinity, -.infinity, 0, -0.0, 0.5, -0.5, 1.5, -1.5, 2.5,
    0.499_999_97, 254.5, 255.5, 256, 32767.5, -32768.5, 65534.5, 65535.5, 65536, 8_388_607.5, 1e9,
    2_147_483_520, 2_147_483_648, -2_147_483_648, 9.223372e18, 1.8446744e19, 1e30, -1e30,
    .greatestFiniteMagnitude, .leastNonzeroMagnitude,
  ])
  func `a number becomes the nearest that the type has, and no number becomes 0`(value: Float) {
    check(value, as: UInt8.self)
    check(value, as: Int8.self)
    check(value, as: UInt16.self)
    check(value, as: Int16.self)
    check(value, as: UInt32.self)
    check(value, as: Int32.self)
    check(value, as: UInt64.self)
    check(value, as: Int64.self)
    check(value, as: Int.self)
  }

  @Test func `samples of 8 and 16 bits are rounded as the standard library rounds`() {
    var differing = 0
    for step in -1_200_000...1_200_000 {
      let value = Float(step) / 16
      if UInt8(saturating: value) != plain(value, as: UInt8.self) { differing += 1 }
      if UInt16(saturating: value) != plain(value, as: UInt16.self) { differing += 1 }
      if Int16(saturating: value) != plain(value, as: Int16.self) { differing += 1 }
    }
    #expect(differing == 0)
  }

  @Test(arguments: [Float.nan, -1, -Float.infinity])
  func `an intensity that is none is black`(value: Float) {
    #expect(UInt8(intensity: value) == 0)
    #expect(UInt16(intensity: value) == 0)
  }

  @Test(arguments: [Float(1), 1.001, 1e30, Float.infinity])
  func `an intensity above white is white`(value: Float) {
    #expect(UInt8(intensity: value) == 255)
    #expect(UInt16(intensity: value) == 65535)
  }
}

import TesseraPlugin

/// A sample that has a nearest 8-bit level; 0 for one that is no number.
protocol ByteSample: Sample {
  var byte: UInt8 { get }
}

extension UInt8: ByteSample {
  var byte: UInt8 { self }
}

extension UInt16: ByteSample {
  var byte: UInt8 { UInt8((Int(self) + 128) / 257) }
}

extension Float: ByteSample {
  var byte: UInt8 { self > 0 ? (self < 1 ? UInt8(self * 255 + 0.5) : 255) : 0 }
}

/// Pixels of red, green and blue in memory, to draw on.
struct RGBPicture {
  typealias Color = (red: UInt8, green: UInt8, blue: UInt8)

  let width: Int
  let height: Int
  /// Row by row, three bytes a pixel.
  private(set) var bytes: [UInt8]

  init(width: Int, height: Int, filledWith byte: UInt8) {
    (self.width, self.height) = (width, height)
    bytes = Array(repeating: byte, count: width * height * 3)
  }

  /// Sets a pixel; nothing happens outside.
  mutating func set(_ x: Int, _ y: Int, _ color: Color) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let place = (y * width + x) * 3
    bytes[place] = color.red
    bytes[place + 1] = color.green
    bytes[place + 2] = color.blue
  }

  /// Puts a picture at a place, where it has to fit.
  mutating func draw(_ other: RGBPicture, x: Int, y: Int) {
    for row in 0..<other.height {
      let source = (row * other.width * 3)..<((row + 1) * other.width * 3)
      let place = ((y + row) * width + x) * 3
      bytes.replaceSubrange(place..<(place + source.count), with: other.bytes[source])
    }
  }

  /// Writes a line of letters, at most so wide, smaller or cut off where it would be wider.
  mutating func write(_ text: String, x: Int, y: Int, atMost limit: Int, _ color: Color) {
    let letters = Array(text.unicodeScalars)
    let scale = letters.count * PixelFont.advance * 2 <= limit ? 2 : 1
    let shown = letters.prefix(max(0, limit / (PixelFont.advance * scale)))
    for (index, letter) in shown.enumerated() {
      for row in 0..<(PixelFont.height * scale) {
        for column in 0..<(5 * scale)
        where PixelFont.hasInk(letter, x: column / scale, y: row / scale) {
          set(x + index * PixelFont.advance * scale + column, y + row, color)
        }
      }
    }
  }
}

import Foundation
import TesseraPlugin

/// Colors of label numbers.
package struct LabelPalette: Sendable, Hashable {
  private let bytes: [UInt8]

  /// Takes red, green and blue of each label in turn; a label beyond gets one of ``spread``.
  package init(bytes: [UInt8]) { self.bytes = Array(bytes.prefix(bytes.count / 3 * 3)) }

  /// Colors that differ well between neighbors, for any number of labels.
  package static let spread = LabelPalette(bytes: [])

  /// The color of a label.
  subscript(label: Int) -> RGBPicture.Color {
    if label >= 0, label < bytes.count / 3 {
      return (bytes[label * 3], bytes[label * 3 + 1], bytes[label * 3 + 2])
    }
    // Steps of the golden section never come close to where they have been; four shades.
    let turn = (Double(label) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
    let hue = (turn < 0 ? turn + 1 : turn) * 6
    let shade = [0.9, 0.55, 1.0, 0.72][label & 3]
    let strength = [0.6, 0.8, 0.42, 0.95][label & 3]
    func channel(_ offset: Double) -> UInt8 {
      let place = (hue + offset).truncatingRemainder(dividingBy: 6)
      let distance = max(0, min(place, 4 - place, 1))
      return UInt8(saturating: 255 * (shade - shade * strength * distance))
    }
    return (channel(5), channel(3), channel(1))
  }
}

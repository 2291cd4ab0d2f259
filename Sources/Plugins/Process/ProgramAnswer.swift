import Base
import Foundation
import TesseraPlugin

/// What a program answers.
enum ProgramAnswer {
  /// What it says of itself.
  struct Ready: Decodable {
    let `protocol`: Int
    let id: String
  }

  /// What is to be done with an image.
  struct Calibrated: Decodable {
    /// Why the image is to be copied unchanged; nil translates it.
    let copy: String?
    let halo: Int?
    let alignment: Int?
    let core: Int?
    let smallestWindow: Int?
    let largestWindow: Int?
    /// For the report.
    let summary: [String: PairValue]?
    /// The mask of the foreground, whose bytes are the first behind the JSON.
    let foreground: Foreground?
    /// Bytes of what was measured, to be kept as a file; they follow.
    let calibrationBytes: Int?
  }

  /// How a mask of the foreground lies on the image: a byte a pixel, 0 for background.
  struct Foreground: Decodable {
    let width: Int
    let height: Int
    let reduction: Int
  }

  /// Parts of level 0 that it wants to see: x, y, width and height of each.
  struct Sampled: Decodable {
    let regions: [[Int]]

    private static let maximumPixels = 1 << 26

    /// The regions, where they lie in the image.
    func checked(in image: ImageDescription) throws(PluginFault) -> [PixelRegion] {
      var (found, area) = ([PixelRegion](), 0)
      for numbers in regions {
        guard numbers.count == 4, numbers[0] >= 0, numbers[1] >= 0, numbers[2] > 0, numbers[3] > 0,
          numbers[0] < image.width, numbers[1] < image.height,
          numbers[2] <= image.width - numbers[0], numbers[3] <= image.height - numbers[1]
        else {
          throw PluginFault(
            .plugin, "asks for the part \(numbers) of an image of \(image.width) x \(image.height)",
            advice: "; it names x, y, width and height within the image")
        }
        found.append(
          PixelRegion(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]))
        area += numbers[2] * numbers[3]
        guard area <= Self.maximumPixels else {
          throw PluginFault(
            .plugin, "asks for more than \(Self.maximumPixels >> 20) megapixels of samples")
        }
      }
      return found
    }
  }

  /// A calibration with the bytes that came behind it.
  struct Decision {
    var content: Calibrated
    var foreground: RegionMask?
    var calibration: [UInt8]?
    var state: [UInt8]
  }

  /// Reads a whole body.
  static func decode<Content: Decodable>(
    _ type: Content.Type, _ answer: PluginMessage
  ) throws(PluginFault) -> Content {
    try decode(type, answer.body[...], answer.kind)
  }

  /// Reads a calibration and what is behind it.
  static func calibrated(_ answer: PluginMessage) throws(PluginFault) -> Decision {
    guard let (json, state) = LengthPrefix.split(answer.body) else {
      throw PluginFault(
        .plugin, "wrote a message '\(answer.kind)' whose JSON is longer than the message")
    }
    let content = try decode(Calibrated.self, json, answer.kind)
    var rest = state
    func take(_ count: Int, _ name: String) throws(PluginFault) -> ArraySlice<UInt8> {
      guard count >= 0, count <= rest.count else {
        throw PluginFault(
          .plugin, "wrote a message '\(answer.kind)' with \(rest.count) bytes for its \(name)",
          advice: ", where \(count) are due")
      }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    var decision = Decision(content: content, state: [])
    if let mask = content.foreground {
      guard (1...65536).contains(mask.width), (1...65536).contains(mask.height), mask.reduction > 0
      else {
        throw PluginFault(
          .plugin, "tells a foreground of \(mask.width) x \(mask.height) at 1/\(mask.reduction)")
      }
      decision.foreground = RegionMask(
        width: mask.width, height: mask.height, reduction: mask.reduction,
        isForeground: try take(mask.width * mask.height, "foreground").map { $0 != 0 })
    }
    if let count = content.calibrationBytes {
      decision.calibration = Array(try take(count, "calibration"))
    }
    decision.state = Array(rest)
    return decision
  }

  private static func decode<Content: Decodable>(
    _ type: Content.Type, _ json: ArraySlice<UInt8>, _ kind: PluginMessage.Kind
  ) throws(PluginFault) -> Content {
    do throws(JSONFault) {
      return try StrictDecoder.decode(type, from: Data(json))
    } catch {
      throw PluginFault(
        .plugin, "wrote a message '\(kind)' that cannot be understood",
        advice: " (\(error))")
    }
  }
}

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
    /// For the report.
    let summary: [String: PairValue]?
  }

  /// Reads a whole body.
  static func decode<Content: Decodable>(
    _ type: Content.Type, _ answer: PluginMessage
  ) throws(PluginFault) -> Content {
    try decode(type, answer.body[...], answer.kind)
  }

  /// Reads a calibration and the state behind it.
  static func calibrated(
    _ answer: PluginMessage
  ) throws(PluginFault) -> (content: Calibrated, state: [UInt8]) {
    guard let (json, state) = LengthPrefix.split(answer.body) else {
      throw PluginFault(
        .plugin, "wrote a message '\(answer.kind)' whose JSON is longer than the message")
    }
    return (try decode(Calibrated.self, json, answer.kind), Array(state))
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

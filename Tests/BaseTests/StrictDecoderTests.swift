import Base
import Foundation
import Testing

/// JSON that people write.
@Suite struct StrictDecoderTests {
  private struct Card: Decodable {
    struct Start: Decodable {
      let command: [String]
      let timeoutSeconds: Double?
    }

    struct Reach: Decodable {
      let halo: Int
      let core: Int?
    }

    enum Color: String, Decodable { case red, blue }

    let title: String
    let channels: Int
    let level: UInt8?
    let range: [Float]?
    let color: Color?
    let start: Start?
    let reach: Reach?
    let names: [String: Int]?
  }

  private func fault(_ text: String) -> String {
    do throws(JSONFault) {
      _ = try StrictDecoder.decode(Card.self, from: Data(text.utf8))
      return "none"
    } catch {
      return error.description
    }
  }

  @Test func `what is right is read`() throws {
    let card = try StrictDecoder.decode(
      Card.self,
      from: Data(
        #"{"$schema": "x", "title": "a\"\u00e4\ud83d\ude00\n", "channels": 3.0, "level": 255, "range": [-1, 2.5e-3], "color": "blue", "start": {"command": []}, "names": {"any": 1}}"#
          .utf8))
    #expect(card.title == "a\"ä😀\n" && card.channels == 3 && card.level == 255)
    #expect(card.range == [-1, 0.0025] && card.color == .blue && card.names == ["any": 1])
  }

  @Test(arguments: [
    (#""titel": "b""#, "unknown field 'titel'; did you mean 'title'?"),
    (#""Channels": 1"#, "unknown field 'Channels'; did you mean 'channels'?"),
    (#""start": {"command": [], "timeoutSecond": 3}"#, "did you mean 'timeoutSeconds'?"),
    (#""nothing-like-it": 1"#, "unknown field 'nothing-like-it'; there is channels, color"),
    (#""x": "# + String(repeating: "[", count: 600) + String(repeating: "]", count: 600), "'x'"),
    (#""level": 300"#, "'level' is 300; it takes whole numbers from 0 to 255"),
    (#""level": "3""#, "'level' has the wrong type: a text where a whole number is due"),
    (#""range": [1, true]"#, "'range[1]' has the wrong type: true or false where a number is due"),
    (#""color": "green""#, "'color' has a value that is not known"),
    (#""start": {}"#, "'start.command' is missing"), (#""title": "twice""#, "is there twice"),
  ])
  func `a mistake is told with its place`(more: String, message: String) {
    let text = fault(#"{"title": "a", "channels": 1, \#(more)}"#)
    #expect(text.contains(message), "\(text)")
  }

  @Test(arguments: [
    (#""haloo": 3"#, "unknown field 'haloo'; did you mean 'reach.halo'?"),
    (#""haloo": 3, "reach": {"halo": 1}"#, "did you mean 'reach.halo'?"),
    (#""timeoutSecond": 3, "start": {"command": []}"#, "did you mean 'start.timeoutSeconds'?"),
    (#""reach": {"halo": 1, "titel": 3}"#, "unknown field 'reach.titel'; did you mean 'title'?"),
  ])
  func `a field that belongs to another object is told with its place`(
    more: String, message: String
  ) {
    let text = fault(#"{"title": "a", "channels": 1, \#(more)}"#)
    #expect(text.contains(message), "\(text)")
  }

  @Test func `all fields that are not known are told at once`() {
    let text = fault(
      #"{"title": "a", "channels": 1, "colr": "red", "start": {"command": [], "x": 1, "y": 2}}"#)
    #expect(
      text
        == "unknown field 'colr'; did you mean 'color'?; unknown field 'start.x'; there is command,"
        + " timeoutSeconds; unknown field 'start.y'")
    let many = (0..<20).map { "\"field-\($0)\": 1" }.joined(separator: ", ")
    #expect(fault(#"{"title": "a", "channels": 1, \#(many)}"#).hasSuffix("; and 12 more"))
  }

  @Test(arguments: [("3.5", "no whole number"), ("1e400", "'channels' is 1e400")])
  func `valid JSON is never called invalid`(number: String, message: String) {
    let text = fault(#"{"title": "a", "channels": \#(number)}"#)
    #expect(text.contains(message) && !text.contains("valid JSON"), "\(text)")
  }

  @Test func `a field twice and half of a character are valid JSON`() throws {
    #expect(
      fault(#"{"title": "a", "title": "b"}"#)
        == "the field 'title' is there twice (line 1, column 16)")
    let card = try StrictDecoder.decode(
      Card.self, from: Data(#"{"title": "\ud83d\u0041", "channels": 1}"#.utf8))
    #expect(card.title == "\u{fffd}A")
  }

  @Test func `a field that is missing is looked for among those that are there`() {
    let text = fault(#"{"title": "a", "chanels": 3}"#)
    #expect(text == "'channels' is missing; is 'chanels' meant for it?")
  }

  @Test(arguments: [
    ("{\"title\": \"a\",\n  \"channels\" 3}", "a colon is due (line 2, column 14)"),
    ("", "line 1, column 1"), ("{\"a\": 1,}", "a name in quotes is due (line 1, column 9)"),
    ("{\"a\": 01}", "malformed"), ("{\"a\": .5}", "a value is due"), ("{\"a\": nul}", "a value"),
    ("[1, 2", "line 1, column 6"), ("{} x", "something follows"), ("{\"a\": \"\u{1}\"}", "control"),
    ("{\"a\": \"\\q\"}", "unknown escape"),
  ])
  func `JSON that is none is told with line and column`(text: String, message: String) {
    let fault = fault(text)
    #expect(fault.contains("it is no valid JSON") && fault.contains(message), "\(fault)")
  }

  @Test func `what is nested too deep, or is no UTF-8, is refused and does not crash`() {
    #expect(fault(String(repeating: "[", count: 100_000)).contains("deep"))
    #expect(throws: JSONFault.self) {
      try JSONText.parse(Data([0x22, 0xff, 0x22]))
    }
  }
}

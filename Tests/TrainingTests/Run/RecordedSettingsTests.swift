import Base
import Foundation
import TestSupport
import Testing

@testable import Training

/// What a `config.json` that somebody has edited may say.
struct RecordedSettingsTests {
  /// The error of a run whose record has `field` with another value, or "none".
  private func fault(_ field: String, _ value: String, method: String = "pix2pix") throws -> String
  {
    let folder = try TemporaryDirectory()
    let path = folder.path("run")
    do {
      var settings = TrainingSettings(
        try #require(ChosenMethod(named: method)), data: "data", threads: 1)
      settings.maxSteps = 3
      settings.reading.holdOut = 1
      settings.reading.sourceWindow = [0, 1]
      _ = try RunDirectory.create(at: path, method: method, settings: settings)
    }
    let file = URL(filePath: "\(path)/config.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    let lines = text.split(separator: "\n").map { line in
      line.contains("\"\(field)\" :")
        ? "\"\(field)\" : \(value)\(line.hasSuffix(",") ? "," : "")" : String(line)
    }
    // A window is several lines, of which the first is the field's.
    let edited = lines.joined(separator: "\n").replacing(/\][\s\d,]+\]/, with: "]")
    #expect(text.contains("\"\(field)\" :"))
    try Data(edited.utf8).write(to: file)
    do throws(TesseraError) {
      let run = try RunDirectory.resume(at: path, method: method)
      _ = try run.settings(as: TrainingSettings.self)
      return "none"
    } catch {
      #expect(error.path == "\(path)/config.json" && error.action == "reading the settings")
      return error.reason
    }
  }

  @Test(arguments: [
    ("threads", "0"), ("threads", "-1"), ("threads", "1000000"), ("batchSize", "0"),
    ("batchSize", "-1"), ("epochs", "-1"), ("epochs", "9223372036854775807"),
    ("epochsDecay", "-1"), ("maxSteps", "-1"), ("maxSteps", "0"),
    ("reading.cropSize", "1000000000"),
    ("reading.loadSize", "0"), ("reading.cropsPerSlide", "0"), ("reading.holdOut", "-1"),
    ("reading.stainJitter", "-0.5"), ("reading.stainJitter", "1e308"),
    ("reading.sourceWindow", "[1]"), ("reading.sourceWindow", "[1, 0]"),
  ])
  func `a number that the command line refuses is refused by its field`(
    _ field: String, _ value: String
  ) throws {
    let name = field.split(separator: ".").last.map(String.init) ?? field
    let fault = try fault(name, value)
    #expect(fault.contains("'settings.\(field)' is "), "\(fault)")
    #expect(fault.contains("it takes ") && !fault.contains("\n"), "\(fault)")
  }

  @Test(arguments: [
    ("learning-rate", "1e308", "a number from 0 to 10"), ("learning-rate", "-1", "a number from 0"),
    ("ngf", "0", "a whole number from 1 to 4096"), ("beta1", "1", "a number from 0 to below 1"),
  ])
  func `an option of the method that is out of range is refused by its field`(
    _ option: String, _ value: String, _ words: String
  ) throws {
    let fault = try fault(option, value)
    #expect(
      fault.contains("'settings.options.\(option)' is out of range: it takes \(words)"), "\(fault)")
  }

  @Test(arguments: [
    ("epochsDecay", "2.5", "'settings.epochsDecay' has the wrong type: it is 2.5"),
    ("batchSize", "\"two\"", "'settings.batchSize' has the wrong type: a text"),
    ("schedule", "\"never\"", "'settings.schedule' has a value that is not known"),
  ])
  func `valid JSON of another type is told by its field, and is never called no JSON`(
    _ field: String, _ value: String, _ words: String
  ) throws {
    let fault = try fault(field, value)
    #expect(fault.contains(words) && !fault.contains("valid JSON"), "\(fault)")
  }

  @Test func `what the command line takes, and fields of another version, are read`() throws {
    #expect(try fault("threads", "1024") == "none")
    #expect(try fault("epochsDecay", "0") == "none")
    #expect(try fault("seed", "18446744073709551615, \"later\" : 1") == "none")
  }
}

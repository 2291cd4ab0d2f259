import Foundation
import TesseraKit
import TesseraPlugin
import TestSupport
import Testing

/// The library as a program of others uses it.
@Suite struct FileTranslatorTests {
  let folder: TemporaryDirectory
  let input: String

  init() throws {
    folder = try TemporaryDirectory()
    input = try TestImages.writePPM(folder.path("in.ppm"), width: 200, height: 150)
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  @Test func `a file comes out as the command makes it`() throws {
    let translator = try FileTranslator(
      pair: "stain-normalization", options: ["method": "reinhard"])
    let result = try translator.translate(input, to: folder.path("library.tif"))
    #expect(result.width == 200 && result.height == 150 && result.slices == nil)
    let command = try TesseraProgram.run([
      "translate", input, "--output", folder.path("command.tif"), "--pair", "stain-normalization",
      "--set", "method=reinhard",
    ])
    #expect(command.status == 0, "\(command.errors)")
    #expect(try bytes(folder.path("library.tif")) == bytes(folder.path("command.tif")))
  }

  /// Exchanges light and dark.
  private struct Negative: DomainPair {
    var description: PairDescription {
      PairDescription(
        id: "negative", title: "Negative", sourceDomain: "a", targetDomain: "b", version: "1",
        license: "MIT", summary: "For tests.", channels: 3)
    }
    func calibrate(
      _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
    ) throws(PairError) -> Calibration {
      Calibration(
        .translate(
          RowTranslator { input, output in
            for index in 0..<output.count { output[index] = 1 - input[index] }
          }))
    }
  }

  @Test func `a pair of the caller's own translates, and tells how far it is`() throws {
    let seen = folder.path("seen")
    let translator = try FileTranslator(Negative())
    try translator.translate(input, to: folder.path("out.png")) { share in
      if share == 1 { FileManager.default.createFile(atPath: seen, contents: nil) }
    }
    #expect(FileManager.default.fileExists(atPath: seen))
    #expect(
      try TestImages.samples(folder.path("out.png"), in: folder)
        == TestImages.samples(input, in: folder).map { 255 - $0 })
  }

  @Test func `an output that is there stays, unless it may be replaced`() throws {
    let target = folder.path("out.png")
    try Data("mine".utf8).write(to: URL(filePath: target))
    var translator = try FileTranslator(Negative())
    #expect {
      try translator.translate(input, to: target)
    } throws: {
      "\($0)".hasPrefix("\(target): planning outputs: it exists; set 'overwrites'")
    }
    #expect(try bytes(target) == Data("mine".utf8))
    translator.overwrites = true
    try translator.translate(input, to: target)
    #expect(try bytes(target).count > 100)
  }

  @Test func `each failure is one line that names what it is about`() throws {
    #expect {
      try FileTranslator(pair: "nowhere")
    } throws: {
      "\($0)".hasPrefix("nowhere: looking for the pair: there is none; there is ")
    }
    #expect {
      try FileTranslator(pair: "stain-normalization", options: ["method": "watercolour"])
    } throws: {
      "\($0)".hasPrefix("stain-normalization: reading the options: ")
    }
    let broken = folder.path("libbroken.so")
    try Data("no library".utf8).write(to: URL(filePath: broken))
    #expect {
      try FileTranslator(pair: "stain-normalization", plugins: [broken])
    } throws: {
      "\($0)".contains("\(broken): opening the plugin: it cannot be loaded")
    }
    let text = folder.path("text.png")
    try Data("no picture".utf8).write(to: URL(filePath: text))
    #expect {
      try FileTranslator(Negative()).translate(text, to: folder.path("text-out.png"))
    } throws: {
      "\($0)".hasPrefix("\(text): opening")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("text-out.png")))
  }

  @Test func `a translation that is cancelled leaves nothing`() throws {
    let translator = try FileTranslator(Negative())
    #expect(throws: CancellationError.self) {
      try translator.translate(input, to: folder.path("out.png"), isCancelled: { true })
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("out.png")))
  }
}

import Foundation
import TestSupport
import Testing

struct SeamsTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// Writes texture with a step of `height` levels between tiles of 128 px.
  private func write(_ name: String, width: Int = 600, height: Int = 500, step: Int = 0) throws
    -> String
  {
    var bytes = Array("P6\n\(width) \(height)\n255\n".utf8)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 {
          let texture = 90 + MemorySource.noise(x, y, channel) / 16
          bytes.append(UInt8(texture + (x / 128 + y / 128) % 2 * step))
        }
      }
    }
    try Data(bytes).write(to: folder.url.appending(path: name))
    return folder.path(name)
  }

  @Test func `a result without seams has 1, one with seams has more`() throws {
    let clean = try TesseraProgram.run(["seams", write("clean.ppm"), "--pitch", "128"])
    #expect(clean.status == 0 && clean.errors.isEmpty)
    let lines = clean.output.split(separator: "\n")
    #expect(lines.count == 5 && lines[0].hasSuffix("clean.ppm  600 x 500 px, seams every 128 px"))
    #expect(lines[1].hasPrefix("  seam step, vertical      red "))
    #expect(lines[2].hasPrefix("  comb energy, vertical    red "))
    #expect(lines[3].hasPrefix("  seam step, horizontal    red "))
    #expect(lines[4].hasPrefix("  comb energy, horizontal  red "))
    for line in lines.dropFirst() { #expect(line.contains("luminance ")) }

    let tiled = try TesseraProgram.run(["seams", write("tiled.ppm", step: 9), "--pitch", "128"])
    #expect(tiled.status == 0 && tiled.output.contains(/\((8.[89]|9.[01])\d levels/))
  }

  @Test func `JSON has every figure, and the other result`() throws {
    let (clean, tiled) = (try write("clean.ppm"), try write("tiled.ppm", step: 9))
    let result = try TesseraProgram.run(["seams", tiled, clean, "--pitch", "128", "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect(object?["input"] as? String == tiled && object?["other"] as? String == clean)
    let report = object?["report"] as? [String: Any]
    #expect(report?["pitch"] as? Int == 128 && report?["nonFiniteSamples"] as? Int == 0)
    let vertical = report?["vertical"] as? [String: Any]
    let steps = vertical?["steps"] as? [[String: Any]]
    #expect(steps?.map { $0["channel"] as? String } == ["red", "green", "blue", "luminance"])
    for step in steps ?? [] { #expect(step["ratio"] as? Double ?? 0 > 15) }
    let shift = report?["gridShift"] as? [String: Any]
    #expect(shift?["maximum"] as? Double == 9 && shift?["samples"] as? Int == 900_000)
  }

  @Test func `two results are compared, however they are stored`() throws {
    let path = try write("a.ppm")
    try TestImages.runVips(["copy", path, folder.path("a.tif[tile,compression=deflate]")])
    let result = try TesseraProgram.run(
      ["seams", path, folder.path("a.tif"), "--pitch", "128", "--offset", "64"])
    #expect(result.output.contains("seams every 128 px from 64\n"))
    #expect(
      result.output.hasSuffix(
        "  grid shift               RMS 0, largest 0, 99.9 % within 0 levels; "
          + "0 of 900000 samples differ\n"))
  }

  @Test func `what cannot be measured is one line that says what to do`() throws {
    let (path, small) = (try write("a.ppm"), try write("small.ppm", width: 90, height: 80))
    let cases: [(arguments: [String], status: Int32, message: String)] = [
      ([path, "--pitch", "5"], 64, "tessera: --pitch 5: a pitch of 5 px"),
      (
        [path, "--pitch", "4096"], 65, "\(path): measuring seams: no seam every 4096 px lies inside"
      ),
      ([path, small, "--pitch", "128"], 65, "\(path): measuring seams: comparing two results"),
      ([folder.path("none.tif"), "--pitch", "128"], 65, "there is no such file"),
      ([path, "--pitch", "128", "--max-pixels", "1000"], 65, "over the limit of 1000 px"),
      ([path], 64, "--pitch"),
    ]
    for (arguments, status, message) in cases {
      let result = try TesseraProgram.run(["seams"] + arguments)
      #expect(result.status == status && result.output.isEmpty)
      #expect(result.errors.contains(message), "\(result.errors)")
    }
  }

  @Test func `a figure that cannot be measured is a note, the others are printed`() throws {
    let path = try write("flat.ppm", width: 600, height: 100)
    let result = try TesseraProgram.run(["seams", path, "--pitch", "128"])
    #expect(result.status == 0 && result.output.contains("seam step, vertical"))
    #expect(result.output.contains("  note: no horizontal seam: the image is 100 px high\n"))
  }
}

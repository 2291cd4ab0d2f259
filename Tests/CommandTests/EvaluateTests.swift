import Foundation
import Inference
import TestSupport
import Testing

struct EvaluateTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// Writes texture whose levels are moved by `shift` and by some noise.
  @discardableResult
  private func write(
    _ name: String, width: Int = 200, height: Int = 190, channels: Int = 3, shift: Int = 0,
    noise: Int = 0
  ) throws -> String {
    let url = folder.url.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    var bytes = Array("\(channels == 3 ? "P6" : "P5")\n\(width) \(height)\n255\n".utf8)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          let texture = 60 + (x * 3 + y * 2 + channel * 9) % 90
          let grain = noise == 0 ? 0 : MemorySource.noise(x, y, channel) % noise
          bytes.append(UInt8(texture + shift + grain))
        }
      }
    }
    try Data(bytes).write(to: url)
    return url.path
  }

  private func run(_ arguments: [String]) throws -> ExternalTool.Result {
    try TesseraProgram.run(["evaluate"] + arguments)
  }

  private func objects(_ output: String) throws -> [[String: Any]] {
    try output.split(separator: "\n").compactMap {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
  }

  /// Two directories with three pairs, one of them in a subdirectory.
  private func directories() throws -> (result: String, target: String) {
    for (index, name) in ["a", "b", "deep/c"].enumerated() {
      try write("target/\(name).ppm")
      try write("result/\(name).ppm", shift: 5 * index, noise: 3)
    }
    return (folder.path("result"), folder.path("target"))
  }

  @Test func `two images have a figure a metric`() throws {
    let result = try run([write("b.ppm", shift: 10), "--against", write("a.ppm")])
    #expect(result.status == 0 && result.errors.isEmpty)
    let lines = result.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.map { $0[0] } == ["psnr", "ssim", "ms-ssim", "mae", "rmse", "delta-e"])
    #expect(lines[0][1] == "28.131" && lines[3][1] == "10.000" && lines[4][1] == "10.000")
  }

  @Test func `directories are matched by name, the ending left out`() throws {
    let (result, target) = try directories()
    try write("result/extra.ppm")
    try write("target/other.ppm")
    try TestImages.runVips(["copy", folder.path("target/a.ppm"), folder.path("target/a.png")])
    try FileManager.default.removeItem(atPath: folder.path("target/a.ppm"))
    let output = try run([result, "--against", target, "--metrics", "mae,psnr,histogram"])
    #expect(output.status == 0 && output.errors.isEmpty)
    let lines = output.output.split(separator: "\n")
    #expect(lines[0].hasPrefix("3 images") && lines[0].contains("median"))
    #expect(lines[1].hasPrefix("psnr") && lines[1].hasSuffix("deep/c"))
    #expect(lines[2].hasPrefix("mae") && lines[2].hasSuffix("deep/c"))
    #expect(output.output.contains("\nhistogram "))
    #expect(
      output.output.contains(
        "note: 1 of 4 files of \(result) has no partner in \(target): extra\n"))
    #expect(
      output.output.contains("note: 1 of 4 files of \(target) has no partner in \(result): other\n")
    )
  }

  @Test func `JSON has a line an image and one for all`() throws {
    let (result, target) = try directories()
    let output = try run([result, "--against", target, "--json", "--metrics", "ssim,psnr,colour"])
    let lines = try objects(output.output)
    #expect(
      lines.count == 4 && lines.prefix(3).allSatisfy { $0["status"] as? String == "compared" })
    let metrics = lines[2]["metrics"] as? [String: Double]
    #expect(metrics?.keys.sorted() == ["psnr", "ssim"] && lines[2]["name"] as? String == "deep/c")
    let summary = lines[3]["summary"] as? [String: [String: Any]]
    #expect(summary?["psnr"]?["worstImage"] as? String == "deep/c")
    #expect(summary?["psnr"]?["worst"] as? Double == metrics?["psnr"])
    let sets = lines[3]["sets"] as? [String: [String: Any]]
    #expect(sets?["colour"]?["value"] as? Double ?? 0 > 1)
    #expect(lines[3]["images"] as? Int == 3 && lines[3]["failed"] as? Int == 0)
  }

  @Test func `what is infinite is null, and inf in a table`() throws {
    let path = try write("a.ppm")
    let json = try objects(run([path, "--against", path, "--metrics", "psnr", "--json"]).output)
    #expect((json[0]["metrics"] as? [String: Any])?["psnr"] is NSNull)
    let text = try run([path, "--against", path, "--metrics", "psnr,mae"])
    #expect(text.output == "psnr  inf\nmae     0\n")
  }

  @Test func `a table and a page are written whole`() throws {
    let (result, target) = try directories()
    try write("target/bad.ppm")
    try write("result/bad.ppm", width: 100)
    let (csv, html, report) = (
      folder.path("out.csv"), folder.path("out.html"), folder.path("report")
    )
    let output = try run([
      result, "--against", target, "--csv", csv, "--html", html, "--report", report, "--worst", "2",
    ])
    #expect(output.status == 1)
    #expect(
      output.errors
        == "tessera: \(result)/bad.ppm: comparing with \(target)/bad.ppm: it has 100 x 190 px, the "
        + "other 200 x 190 px; give images of the same size\n")
    let rows = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\r\n")
    #expect(rows.count == 5 && rows[0].hasPrefix("name,result,target,input,psnr,ssim,"))
    #expect(rows[1].hasPrefix("a,") && rows[3].hasPrefix("bad,") && rows[3].contains(",failed,"))
    let page = try String(contentsOfFile: html, encoding: .utf8)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    #expect(page.components(separatedBy: "<article>").count == 3)
    #expect(page.components(separatedBy: "src=\"data:image/jpeg;base64,").count == 7)
    #expect(page.contains("worst by psnr") && page.contains("1 failed"))
    #expect(!page.contains("<script") && !page.contains("http"))
    let names = try FileManager.default.contentsOfDirectory(atPath: report).sorted()
    #expect(names == ["evaluation.json", "images.csv", "index.html"])
  }

  @Test func `names cannot break out of the page`() throws {
    try write("target/<b>&'x.ppm")
    try write("result/<b>&'x.ppm", shift: 3)
    let html = folder.path("out.html")
    let output = try run([
      folder.path("result"), "--against", folder.path("target"), "--html", html,
    ])
    #expect(output.status == 0)
    let page = try String(contentsOfFile: html, encoding: .utf8)
    #expect(!page.contains("<b>&'x") && page.contains("&lt;b&gt;&amp;&#39;x"))
  }

  @Test func `content is compared with the input, and sets beside the input's`() throws {
    let (result, target) = try directories()
    for name in ["a", "b", "deep/c"] { try write("input/\(name).ppm", shift: 40) }
    let output = try run([
      result, "--against", target, "--input", folder.path("input"), "--metrics",
      "edge-ssim,grey-ssim,mae,histogram", "--json",
    ])
    let lines = try objects(output.output)
    let metrics = lines[0]["metrics"] as? [String: Double]
    #expect(metrics?.keys.sorted() == ["edge-ssim-to-input", "grey-ssim-to-input", "mae"])
    // Edges do not change with brightness.
    #expect(metrics?["edge-ssim-to-input"] ?? 0 > 0.9)
    let sets = lines[3]["sets"] as? [String: [String: Any]]
    let histogram = sets?["histogram"]
    #expect(abs((histogram?["input"] as? Double ?? 0) - 40) < 0.01)
    #expect(histogram?["value"] as? Double ?? 99 < 10)
  }

  @Test func `sets whose names differ are compared as sets only`() throws {
    for name in ["a", "b"] { try write("result/\(name).ppm", shift: 7) }
    for name in ["x", "y", "z"] { try write("target/\(name).ppm") }
    let (result, target) = (folder.path("result"), folder.path("target"))
    let output = try run([result, "--against", target])
    #expect(output.status == 0 && output.output.hasPrefix("set to set"))
    #expect(output.output.contains(/histogram +7\.0000\n/) && output.output.contains("colour"))
    let refused = try run([result, "--against", target, "--metrics", "psnr,histogram"])
    #expect(refused.status == 64 && refused.output.isEmpty)
    #expect(
      refused.errors.hasPrefix("tessera: psnr: these need pairs, and no file of \(result) (a, b)"))
  }

  @Test func `a mask tells which pixels count`() throws {
    let result = try write("b.ppm", shift: 10)
    let target = try write("a.ppm")
    var bytes = Array("P5\n200 190\n255\n".utf8)
    for index in 0..<200 * 190 { bytes.append(index % 200 < 50 ? 255 : 0) }
    try Data(bytes).write(to: folder.url.appending(path: "mask.pgm"))
    let output = try run([
      result, "--against", target, "--mask", folder.path("mask.pgm"), "--json", "--metrics", "mae",
    ])
    #expect(try objects(output.output)[0]["pixels"] as? Int == 50 * 190)
  }

  @Test func `what cannot be measured is one line that says what to do`() throws {
    let path = try write("a.ppm")
    let gray = try write("grey.pgm", channels: 1)
    try write("folder/a.ppm")
    let directory = folder.path("folder")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "empty"), withIntermediateDirectories: true)
    try Data("no image".utf8).write(to: folder.url.appending(path: "bad.png"))
    let cases: [(arguments: [String], status: Int32, message: String)] = [
      (
        [folder.path("none.png"), "--against", path], 65, "none.png: opening: there is no such file"
      ),
      (
        [path, "--against", folder.path("none.png")], 65, "none.png: opening: there is no such file"
      ),
      ([folder.path("bad.png"), "--against", path], 65, "bad.png: opening: the content is of no"),
      ([path, "--against", gray], 65, "it has 3 colour channels, the other 1; convert"),
      ([directory, "--against", path], 64, "this is a file, \(directory) is a directory"),
      ([path, "--against", directory], 64, "this is a directory, \(path) is a file"),
      ([directory, "--against", folder.path("empty")], 64, "looking for images: there is none"),
      (
        [path, "--against", path, "--metrics", "beauty"], 64,
        "there is no such metric; there is psnr"
      ),
      ([directory, "--against", directory, "--metrics", "kid"], 64, "give --backbone FILE.onnx"),
      ([path, "--against", path, "--metrics", "lpips"], 64, "lpips needs its heads"),
      ([path, "--against", path, "--data-range", "x"], 64, "--data-range x: write LOW:HIGH"),
      (
        [path, "--against", path, "--data-range", "5:5"], 64,
        "a data range from 5.0 to 5.0 is empty"
      ),
      (
        [path, "--against", path, "--html", folder.path("none/x.html")], 64,
        "there is no directory \(folder.path("none")); make it first"
      ),
      ([path, "--against", path, "--max-pixels", "100"], 65, "over the limit of 100 px"),
      (
        [directory, "--against", directory, "--metrics", "kid", "--backbone", "none.onnx"], 65,
        "none.onnx: opening the backbone: it cannot be read"
      ),
      ([path, "--against", path, "--metrics", "hu-mae"], 65, "Hounsfield units are one channel"),
    ]
    for (arguments, status, message) in cases {
      let result = try run(arguments)
      #expect(result.status == status && result.output.isEmpty, "\(arguments) \(result)")
      #expect(result.errors.contains(message), "\(result.errors)")
      #expect(
        result.errors.hasPrefix("tessera: ") && result.errors.split(separator: "\n").count == 1,
        "\(result.errors)")
    }
    #expect(try run([path]).status == 64)
  }

  @Test func `the help has an example`() throws {
    let help = try TesseraProgram.run(["evaluate", "--help"])
    #expect(help.status == 0)
    #expect(help.output.contains("  tessera evaluate results --against targets --report report"))
  }

  @Test(.enabled(if: SharedData.isPresent, "needs ../shared/data or TESSERA_TEST_DATA"))
  func `hospitals are told apart by their stains`() throws {
    func angles(_ first: Int, _ second: Int) throws -> [String: Double] {
      let result = try run([
        SharedData.path("stain/camelyon17/centre_\(first)"), "--against",
        SharedData.path("stain/camelyon17/centre_\(second)"), "--metrics", "stain-angle,colour",
        "--json",
      ])
      let sets = try objects(result.output).last?["sets"] as? [String: [String: Any]]
      return (sets ?? [:]).compactMapValues { $0["value"] as? Double }
    }
    let same = try angles(1, 1)
    let other = try angles(0, 1)
    #expect(same["stain-angle eosin"].map { $0 < 1e-6 } == true && same["colour"] == 0)
    #expect(other["colour"].map { $0 > 5 } == true)
    #expect(other["stain-angle haematoxylin"].map { (0.5...45).contains($0) } == true)
  }

  @Test(
    .tags(.slow), .whenSlow,
    .enabled(
      if: SharedData.isPresent && (try? InferenceEngine()) != nil,
      "needs OpenVINO and ../shared/data"))
  func `seasons are told apart by a network`() throws {
    let result = try run([
      SharedData.path("season/testA"), "--against", SharedData.path("season/testB"), "--metrics",
      "kid,fid", "--backbone", SharedData.path("models/onnx_backbones/SqueezeNet_fp16.onnx"),
      "--backbone-preset", "caffe",
    ])
    #expect(result.status == 0 && result.errors.isEmpty)
    let lines = result.output.split(separator: "\n")
    #expect(lines[1].hasPrefix("kid") && lines[2].hasPrefix("fid"))
    #expect(result.output.contains("images is biased upwards"))
  }

  @Test func `images of one palette are label maps, and images of two are pictures`() throws {
    var png = TestPNG(width: 60, height: 40)
    png.value = { x, y in UInt8((x / 9 + y / 7) % 5) }
    try png.write(folder.path("a.png"))
    try png.write(folder.path("same.png"))
    png.paletteMask = 0x0f
    try png.write(folder.path("other.png"))
    let labels = try TesseraProgram.run(
      ["evaluate", folder.path("a.png"), "--against", folder.path("same.png"), "--json"])
    #expect(labels.output.contains("\"accuracy\":1") && !labels.output.contains("psnr"))
    #expect(labels.errors.contains("--metrics psnr,ssim compares colors"))
    let pictures = try TesseraProgram.run(
      ["evaluate", folder.path("a.png"), "--against", folder.path("other.png"), "--json"])
    #expect(pictures.output.contains("psnr") && !pictures.output.contains("accuracy"))
    #expect(pictures.errors.isEmpty)
  }
}

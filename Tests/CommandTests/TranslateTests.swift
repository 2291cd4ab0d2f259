import Foundation
import TestSupport
import Testing
import TileIO

struct TranslateTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func translate(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> ExternalTool.Result {
    try TesseraProgram.run(
      ["translate"] + arguments + ["--pair", "stain-normalization"], environment: environment)
  }

  @Test func `one file becomes one file, and the line about it says size, rate and memory`() throws
  {
    let input = try StainedImage.write(folder.path("in.png"))
    let result = try translate([input, "--output", folder.path("out.tif")])
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output.contains("400 x 300 px") && result.output.contains("MP/s"))
    #expect(result.output.contains("MB"))
    let info = try ImageFile.open(folder.path("out.tif")).info
    #expect(info.width == 400 && info.height == 300 && info.channels == 3)
    #expect(folder.contents == ["in.png", "out.tif"])
  }

  @Test func `wrong usage is one line and status 64`() throws {
    let input = try StainedImage.write(folder.path("in.png"))
    let output = folder.path("out.png")
    let directory = folder.path("empty")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let cases: [(arguments: [String], reason: String)] = [
      ([folder.path("missing.svs"), "--output", output], "no such file"),
      ([input, "--output", input], "overwrite an input"),
      ([input, "--output", output, "--set", "methd=macenko"], "no option 'methd'"),
      ([input, "--output", output, "--set", "method=magic"], "use one of"),
      ([input, "--output", output, "--set", "method"], "key=value"),
      ([directory, "--output", folder.path("o")], "no images"),
      ([directory, "--output", directory], "same directory"),
      ([input, input, "--output", input], "need a directory"),
    ]
    for (arguments, reason) in cases {
      let result = try translate(arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.output.isEmpty)
      #expect(result.errors.hasPrefix("tessera: ") && result.errors.contains(reason), "\(result)")
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
    let unknown = try TesseraProgram.run(
      ["translate", input, "--output", output, "--pair", "nothing"])
    #expect(unknown.status == 64 && unknown.errors.contains("stain-normalization"))
    #expect(folder.contents == ["empty", "in.png"])
  }

  @Test func `an output that exists is replaced only when asked`() throws {
    let input = try StainedImage.write(folder.path("in.png"))
    try Data("mine".utf8).write(to: folder.url.appending(path: "out.png"))
    let refused = try translate([input, "--output", folder.path("out.png")])
    #expect(refused.status == 64 && refused.errors.contains("--overwrite"))
    #expect(try String(contentsOfFile: folder.path("out.png"), encoding: .utf8) == "mine")
    #expect(try translate([input, "--output", folder.path("out.png"), "--overwrite"]).status == 0)
    #expect(try ImageFile.open(folder.path("out.png")).info.width == 400)
  }

  @Test func `a dry run says what would be refused, and side files are refused too`() throws {
    let input = try StainedImage.write(folder.path("in.png"))
    try Data("mine".utf8).write(to: folder.url.appending(path: "out.png"))
    let dry = try translate([input, "--output", folder.path("out.png"), "--dry-run"])
    #expect(dry.status == 64 && dry.errors.contains("out.png: planning outputs: the file exists"))
    for arguments in [["fit", input], ["samples"]] {
      let isFit = arguments[0] == "fit"
      let target = isFit ? folder.path("out.png") : folder.path("set/photos/summer-1.jpg")
      try FileManager.default.createDirectory(
        atPath: folder.path("set/photos"), withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: URL(filePath: target))
      let rest =
        isFit
        ? ["--output", target, "--pair", "stain-normalization"]
        : [folder.path("set"), "--size", "256"]
      let result = try TesseraProgram.run(arguments + rest)
      #expect(result.status != 0 && result.errors.contains("\(target): writing the"), "\(result)")
      #expect(result.errors.contains("--overwrite"))
      #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine")
    }
  }

  @Test func `an only input that is unusable is status 65 and leaves nothing`() throws {
    let whole = try Data(contentsOf: URL(filePath: StainedImage.write(folder.path("whole.png"))))
    let bad: [String: Data] = [
      "text.tif": Data("no image".utf8), "empty.svs": Data(),
      "truncated.png": whole.prefix(whole.count / 2),
    ]
    for (name, data) in bad {
      try data.write(to: folder.url.appending(path: name))
      let result = try translate([folder.path(name), "--output", folder.path("out.tif")])
      #expect(result.status == 65, "\(name)")
      #expect(result.errors.hasPrefix("tessera: \(folder.path(name)): "), "\(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1)
    }
    #expect(folder.contents == ["empty.svs", "text.tif", "truncated.png", "whole.png"])
  }

  @Test func `a gray image is refused by a pair for color`() throws {
    try Data("P5\n2 2\n255\nabcd".utf8).write(to: folder.url.appending(path: "grey.pgm"))
    let result = try translate([folder.path("grey.pgm"), "--output", folder.path("out.tif")])
    #expect(result.status == 65 && result.errors.contains("3 colour channels"))
  }

  @Test func `a format that cannot hold the image is named before any work`() throws {
    let input = try StainedImage.write(folder.path("in.png"))
    for (output, extra) in [("out.jpg", ["--depth", "16"]), ("out.xyz", []), ("out", [])] {
      let result = try translate([input, "--output", folder.path(output)] + extra)
      #expect(result.status != 0 && !result.errors.isEmpty, "\(output)")
      #expect(result.errors.contains(output))
    }
    #expect(folder.contents == ["in.png"])
  }

  @Test func `a directory is mirrored, three bad files are reported, the rest is done`() throws {
    let root = folder.url.appending(path: "in")
    for name in ["a/one.png", "a/b/two.png", "three.tif", "a/b/four.jpg"] {
      let path = root.appending(path: name)
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try StainedImage.write(path.path)
    }
    try Data("x".utf8).write(to: root.appending(path: "a/bad.tif"))
    try Data().write(to: root.appending(path: "bad.png"))
    try Data(repeating: 0xFF, count: 999).write(to: root.appending(path: "a/b/bad.jpg"))
    try Data("notes".utf8).write(to: root.appending(path: "notes.txt"))
    let output = folder.path("out")
    let result = try translate([root.path, "--output", output, "--recursive", "--json"])
    #expect(result.status == 1)
    #expect(result.errors.split(separator: "\n").count == 3)
    let records = try result.output.split(separator: "\n").map {
      try #require(
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(records.count == 7)
    #expect(records.count { $0["status"] as? String == "translated" } == 4)
    for record in records where record["status"] as? String == "translated" {
      for key in [
        "input", "output", "pair", "width", "height", "seconds", "megapixelsPerSecond",
        "peakMemoryMB",
      ] { #expect(record[key] != nil, "\(key)") }
    }
    let images = try FileManager.default.subpathsOfDirectory(atPath: output)
      .filter { $0.contains(".") && !$0.hasPrefix(".tessera") }.sorted()
    #expect(images == ["a/b/four.jpg", "a/b/two.png", "a/one.png", "three.tif"])
  }

  @Test func `a rerun leaves finished outputs alone and redoes what changed`() throws {
    let root = folder.url.appending(path: "in")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    for name in ["a.png", "b.png", "c.png"] {
      try StainedImage.write(root.appending(path: name).path)
    }
    let output = folder.path("out")
    func statuses(_ extra: [String] = []) throws -> [String] {
      let result = try translate([root.path, "--output", output, "--json"] + extra)
      #expect(result.status == 0)
      return try result.output.split(separator: "\n").map {
        let object = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        let name = URL(filePath: object?["output"] as? String ?? "").lastPathComponent
        return "\(name) \(object?["status"] as? String ?? "")"
      }.sorted()
    }
    #expect(try statuses() == ["a.png translated", "b.png translated", "c.png translated"])
    #expect(try statuses() == ["a.png skipped", "b.png skipped", "c.png skipped"])
    try FileManager.default.removeItem(atPath: "\(output)/a.png")
    try StainedImage.write(root.appending(path: "b.png").path, width: 410)
    #expect(try statuses() == ["a.png translated", "b.png translated", "c.png skipped"])
    try FileManager.default.removeItem(atPath: "\(output)/c.png")
    #expect(try statuses() == ["a.png skipped", "b.png skipped", "c.png translated"])
    #expect(
      try statuses(["--set", "method=reinhard"])
        == ["a.png translated", "b.png translated", "c.png translated"])
    #expect(
      try statuses(["--set", "method=reinhard", "--overwrite"])
        == ["a.png translated", "b.png translated", "c.png translated"])
  }

  @Test func `names that would meet in the output keep both extensions`() throws {
    let root = folder.url.appending(path: "in")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    let png = try StainedImage.write(folder.path("x.png"))
    for name in ["slide.svs", "slide.ndpi", "slide.tif", "other.svs"] {
      try FileManager.default.copyItem(atPath: png, toPath: root.appending(path: name).path)
    }
    let result = try translate([root.path, "--output", folder.path("out")])
    #expect(result.status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted()
    #expect(names == [".tessera", "other.tif", "slide.ndpi.tif", "slide.svs.tif", "slide.tif"])
  }

  @Test func `an output directory inside of the input is no input`() throws {
    let root = folder.url.appending(path: "in")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    try StainedImage.write(root.appending(path: "a.png").path)
    let output = root.appending(path: "out").path
    #expect(try translate([root.path, "--output", output, "--recursive"]).status == 0)
    let again = try translate([root.path, "--output", output, "--recursive", "--json"])
    #expect(again.output.split(separator: "\n").count == 1)
    #expect(again.output.contains("skipped"))
  }

  @Test func `a dry run writes nothing`() throws {
    let input = try StainedImage.write(folder.path("in.png"))
    let result = try translate([input, "--output", folder.path("o/out.tif"), "--dry-run"])
    #expect(result.status == 0 && result.output.contains("planned"))
    #expect(folder.contents == ["in.png"])
  }

  @Test func `a target that cannot be written is named`() throws {
    let input = try StainedImage.write(folder.path("in.png"))
    for output in ["/proc/nothing/out.tif", "\(input)/out.tif"] {
      let result = try translate([input, "--output", output])
      #expect(result.status == 1, "\(result)")
      #expect(result.errors.contains(output))
      #expect(result.errors.split(separator: "\n").count == 1)
    }
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs to mount a file system"))
  func `a full disk is one line and leaves no part of a file`() throws {
    let mount = folder.path("small")
    try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
    let disk = try SmallDisk(at: URL(filePath: mount), kilobytes: 256)
    defer { disk.remove() }
    let input = try StainedImage.write(folder.path("in.tif"), width: 1500, height: 1500)
    for name in ["out.tif", "out.png"] {
      let result = try translate([input, "--output", "\(mount)/\(name)"])
      #expect(result.status == 1, "\(result)")
      #expect(result.errors.contains("\(mount)/\(name)"))
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: mount).isEmpty)
    }
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `a signal in the middle ends with its status and no part of a file`(
    signal: Int32
  ) throws {
    let input = try StainedImage.write(folder.path("in.tif"), width: 2000, height: 3000)
    // A slow codec on one thread: the signal comes long before the end.
    let process = try TesseraProgram.start(
      [
        "translate", input, "--output", folder.path("out.tif"), "--pair", "stain-normalization",
        "--compression", "zstd", "--threads", "1", "--tile", "64",
      ])
    let deadline = Date(timeIntervalSinceNow: 20)
    while folder.contents.count < 2, Date() < deadline { usleep(2000) }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == 128 + signal)
    #expect(folder.contents == ["in.tif"])
  }

  @Test func `nothing is written to a temporary directory`() throws {
    let input = try StainedImage.write(folder.path("in.tif"), width: 1100, height: 900)
    let environment = ["TMPDIR": "/nonexistent"]
    for output in ["a.tif", "b.png", "c.jpg"] {
      let result = try translate(
        [input, "--output", folder.path(output)], environment: environment)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test func `the bytes of a slide do not depend on tile size or threads`() throws {
    let input = try StainedImage.write(folder.path("in.tif"), width: 1300, height: 1111)
    var first: Data?
    for (tile, threads) in [(256, 1), (512, 2), (1000, 5)] {
      let output = folder.path("out-\(tile).tif")
      let result = try translate([
        input, "--output", output, "--tile", "\(tile)", "--threads", "\(threads)",
        "--compression", "jpeg",
      ])
      #expect(result.status == 0)
      let data = try Data(contentsOf: URL(filePath: output))
      #expect(first == nil || first == data, "tile \(tile)")
      first = first ?? data
    }
  }

  @Test(arguments: cases([(8_000, 400.0)], slow: [(20_000, 500.0)]))
  func `a large square runs in bounded memory`(size: (side: Int, megabytes: Double)) throws {
    let slide = folder.path("s")
    let made = try TesseraProgram.run([
      "samples", slide, "--size", "\(size.side)", "--tissue-share", "0.05",
    ])
    #expect(made.status == 0, "\(made.errors)")
    let result = try translate(["\(slide)/slide.tif", "--output", folder.path("o.tif"), "--json"])
    #expect(result.status == 0)
    let object =
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let peak = try #require(object?["peakMemoryMB"] as? Double)
    #expect(peak < size.megabytes)
  }
}

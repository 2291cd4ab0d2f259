import ArgumentParser
import Base
import Foundation
import Inference
import TestSupport
import Testing
import Training

@testable import tessera_train

/// `tessera train` as its user runs it.
@Suite(.serialized, .enabled(if: (try? InferenceEngine()) != nil, "OpenVINO is missing"))
struct TrainCommandTests {
  /// Six pictures a domain, of 48 px; those of B are darker.
  private func domains(_ folder: TemporaryDirectory) throws -> String {
    for (phase, count) in [("train", 6), ("test", 2)] {
      for domain in ["A", "B"] {
        let path = folder.path("data/\(phase)\(domain)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for index in 0..<count {
          try TestImages.writePPM("\(path)/\(index).ppm", width: 48 + index, height: 48)
        }
      }
    }
    return folder.path("data")
  }

  private func arguments(_ data: String, _ run: String, steps: Int) -> [String] {
    [
      "train", "cut", "--data", data, "--output", run, "--load-size", "36", "--crop-size", "32",
      "--ngf", "4", "--ndf", "4", "--generator", "resnet_1blocks", "--nce-layers", "0,4,8",
      "--max-steps", "\(steps)", "--save-every", "3", "--threads", "1",
    ]
  }

  private func networks(_ run: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: "\(run)/checkpoints")
    where name.hasPrefix("latest_net") || name.hasSuffix(".safetensors") {
      found[name] = try Data(contentsOf: URL(filePath: "\(run)/checkpoints/\(name)"))
    }
    for name in ["model.onnx", "pair.json"] {
      found[name] = try Data(contentsOf: URL(filePath: "\(run)/package/\(name)"))
    }
    return found
  }

  @Test func `killed after a checkpoint and resumed, a run leaves the bytes of an undisturbed one`()
    throws
  {
    try expectSameBytes(kills: 1) { _, run in try waitForState(run) }
  }

  @Test(.tags(.slow), .whenSlow)
  func `killed at random and resumed, a run leaves the bytes of an undisturbed one`() throws {
    try expectSameBytes(kills: 5) { kill, _ in
      usleep(kill == 0 ? 1_000_000 : .random(in: 300_000...1_500_000))
    }
  }

  /// Waits until a run that goes on has written a state.
  private func waitForState(_ run: String) throws {
    let deadline = ContinuousClock.now + .seconds(60)
    func states() -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: "\(run)/checkpoints")) ?? [])
        .filter { $0.hasPrefix("step-") && $0.hasSuffix(".safetensors") }
    }
    while states().isEmpty {
      try #require(ContinuousClock.now < deadline, "\(run) has no state after a minute")
      usleep(2000)
    }
  }

  /// Kills a run after each `wait` and compares what it leaves in the end.
  private func expectSameBytes(kills: Int, _ wait: (Int, String) throws -> Void) throws {
    let folder = try TemporaryDirectory()
    let data = try domains(folder)
    // The same name, so that the packages have the same identifier.
    let (whole, killed) = (folder.path("a/run"), folder.path("b/run"))
    let result = try TesseraProgram.run(arguments(data, whole, steps: 40))
    #expect(result.status == 0, "\(result.errors)")
    var begun = arguments(data, killed, steps: 40)
    var running = 0
    for index in 0..<kills {
      let process = try TesseraProgram.start(begun)
      try wait(index, killed)
      if process.isRunning { running += 1 }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if FileManager.default.fileExists(atPath: "\(killed)/config.json"),
        !begun.contains("--resume")
      {
        begun.append("--resume")
      }
    }
    let last = try TesseraProgram.run(begun)
    #expect(last.status == 0, "\(last.errors)")
    #expect(running > 0)
    let (expected, found) = (try networks(whole), try networks(killed))
    for (name, bytes) in expected {
      let isSame = found[name] == bytes
      #expect(isSame, "\(name)")
    }
  }

  @Test func `the package of a run translates at once`() throws {
    let folder = try TemporaryDirectory()
    let run = folder.path("run")
    let result = try TesseraProgram.run(arguments(try domains(folder), run, steps: 3))
    #expect(result.status == 0, "\(result.errors)")
    let output = folder.path("out.png")
    let translated = try TesseraProgram.run([
      "translate", folder.path("data/testA/0.ppm"), "--output", output, "--model", "\(run)/package",
    ])
    #expect(translated.status == 0, "\(translated.errors)")
    #expect(FileManager.default.fileExists(atPath: output))
    for name in ["config.json", "loss.csv", "validation.csv", "index.html"] {
      #expect(FileManager.default.fileExists(atPath: "\(run)/\(name)"), "\(name)")
    }
  }

  /// Maps of classes 0 to 2 with a band of `band`, and pictures, of 64 px.
  private func labels(_ folder: TemporaryDirectory, band: UInt8, _ name: String) throws -> String {
    for phase in ["label", "img"] {
      try FileManager.default.createDirectory(
        atPath: folder.path("\(name)/train_\(phase)"), withIntermediateDirectories: true)
    }
    for index in 0..<2 {
      var map = TestPNG(width: 64, height: 64, isPalette: false)
      map.value = { x, y in y < 16 ? band : UInt8((x / 8 + y / 8 + index) % 3) }
      try map.write(folder.path("\(name)/train_label/\(index).png"))
      try TestImages.writePPM(
        folder.path("\(name)/train_img/\(index).ppm"), width: 64, height: 64)
    }
    return folder.path(name)
  }

  @Test(arguments: cases(["pix2pixhd"], slow: ["spade"]))
  func `the package of a label network takes 255 as training did`(method: String) throws {
    let folder = try TemporaryDirectory()
    let data = try labels(folder, band: 255, "data")
    let other = try labels(folder, band: 3, "other")
    let run = folder.path("run")
    let options = method == "spade" ? [] : ["--downs", "2", "--blocks", "1"]
    let begun = try TesseraProgram.run(
      [
        "train", method, "--data", data, "--output", run, "--crop-size", "64", "--load-size", "64",
        "--ngf", "2", "--ndf", "4", "--max-steps", "1", "--threads", "2",
      ] + options)
    #expect(begun.status == 0, "\(begun.errors)")
    func translated(_ data: String, _ output: String) throws -> Data {
      let result = try TesseraProgram.run([
        "translate", "\(data)/train_label/0.png", "--output", folder.path(output), "--model",
        "\(run)/package",
      ])
      #expect(result.status == 0, "\(result.errors)")
      return try Data(contentsOf: URL(filePath: folder.path(output)))
    }
    // The class after the others is what 255 was learned as.
    let expected = try translated(other, "three.png")
    #expect(try translated(data, "unknown.png") == expected)

    // A package of an earlier version is mended by going on with its run, which is at its end.
    let manifest = "\(run)/package/pair.json"
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.contains("unknownClass") })
    #expect(line.contains(": 3"))
    try text.replacing(line, with: "\"units\" : \"intensity\"")
      .write(toFile: manifest, atomically: true, encoding: .utf8)
    let resumed = try TesseraProgram.run(["train", method, "--output", run, "--resume"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try String(contentsOfFile: manifest, encoding: .utf8) == text)
  }

  @Test func `folders in the domains keep pairs apart`() throws {
    let folder = try TemporaryDirectory()
    for domain in ["A", "B"] {
      for (place, index) in [("p1", 0), ("p1", 1), ("p2", 0)] where domain + place != "Bp2" {
        let path = folder.path("data/train\(domain)/\(place)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try TestImages.writePPM("\(path)/\(index).ppm", width: 64, height: 64)
      }
    }
    for method in ["pix2pix", "cut"] {
      let result = try TesseraProgram.run(
        [
          "train", method, "--data", folder.path("data"), "--output", folder.path("run"),
          "--crop-size", "64", "--load-size", "64", "--ngf", "2", "--ndf", "2", "--max-steps", "1",
        ] + (method == "cut" ? ["--lambda-paired", "1"] : []))
      #expect(result.status == 65, "\(result.errors)")
      #expect(
        result.errors.contains("trainA/p2/0.ppm: looking for training data: ")
          && result.errors.contains("trainB has no image of this name"), "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
    }
  }

  @Test func `a residual generator without norms is packed as one`() throws {
    let folder = try TemporaryDirectory()
    let run = folder.path("run")
    let options = ["--residual", "--norm", "none", "--discriminator-norm", "instance"]
    let result = try TesseraProgram.run(
      arguments(try domains(folder), run, steps: 2) + options)
    #expect(result.status == 0, "\(result.errors)")
    let manifest = try String(contentsOfFile: "\(run)/package/pair.json", encoding: .utf8)
    #expect(manifest.contains("no norm") && manifest.contains("residual"), "\(manifest)")
  }

  @Test func `what cannot be trained is refused in one line that names it`() throws {
    let folder = try TemporaryDirectory()
    let data = try domains(folder)
    let run = folder.path("run")
    let small = arguments(data, run, steps: 1)
    func replaced(_ option: String, _ value: String) -> [String] {
      var changed = small
      if let place = changed.firstIndex(of: option) { changed[place + 1] = value }
      return changed
    }
    try FileManager.default.createDirectory(
      atPath: folder.path("one/trainA"), withIntermediateDirectories: true)
    try TestImages.writePPM(folder.path("one/trainA/1.ppm"), width: 40, height: 40)
    try FileManager.default.createDirectory(
      atPath: folder.path("empty"), withIntermediateDirectories: true)
    let cases: [([String], String, Int32)] = [
      (replaced("--data", folder.path("nowhere")), "no such folder", 65),
      (replaced("--data", folder.path("empty")), "it is empty", 65),
      (replaced("--data", folder.path("one")), "trainB", 65),
      (replaced("--crop-size", "64"), "--load-size", 65),
      (replaced("--crop-size", "30"), "multiples of 4", 65),
      (
        small + ["--lambda-l1", "1"], "--lambda-l1 is an option of pix2pix; cut has --lambda-nce",
        64
      ),
      (small + ["--no-two-time-scales"], "--two-time-scales is an option of spade; cut has", 64),
      (
        small + ["--perceptual", "x.onnx"], "is an option of pix2pix, spade and pix2pixhd; cut", 64
      ),
      (small + ["--hold-out", "6"], "--hold-out 6 leaves nothing of 6 to learn from", 65),
      (small + ["--residual", "--generator", "unet_32"], "a U-Net has none", 65),
      (small + ["--generator", "stainnet"], "CUT compares features of a ResNet", 65),
      (small + ["--device", "cuda"], "--device cuda", 65),
      (small + ["--resume"], "there is no such run", 65),
    ]
    for (arguments, text, status) in cases {
      let result = try TesseraProgram.run(arguments)
      // Whoever corrects the line and tries again finds a free place.
      #expect(!FileManager.default.fileExists(atPath: run), "\(text)")
      #expect(result.status == status, "\(arguments.suffix(2)): \(result.errors)")
      #expect(result.errors.contains(text), "\(text): \(result.errors)")
      let lines = result.errors.split(separator: "\n").filter { !$0.contains("held out") }
      #expect(lines.count == 1, "\(result.errors)")
    }
  }

  @Test func `bf16 is for processors that have it, and refused elsewhere at once`() throws {
    let folder = try TemporaryDirectory()
    let data = try domains(folder)
    func precision(_ run: String) throws -> String? {
      let config = try String(contentsOfFile: "\(run)/config.json", encoding: .utf8)
      return config.split(separator: "\n").first { $0.contains("precision") }.map(String.init)
    }
    let (automatic, asked) = (folder.path("auto"), folder.path("asked"))
    let hasBF16 = InferenceEngine.processorHasBF16
    var result = try TesseraProgram.run(
      arguments(data, automatic, steps: 1) + ["--precision", "auto"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try precision(automatic)?.contains(hasBF16 ? "bf16" : "f32") == true)
    result = try TesseraProgram.run(arguments(data, asked, steps: 1) + ["--precision", "bf16"])
    #expect(result.status == (hasBF16 ? 0 : 64), "\(result.errors)")
    #expect(FileManager.default.fileExists(atPath: asked) == hasBF16)
    #expect(hasBF16 || result.errors.contains("use auto or f32"), "\(result.errors)")

    // As if it had been begun on another processor: it is not the other precision's turn.
    let other = hasBF16 ? "f32" : "bf16"
    let path = "\(automatic)/config.json"
    let config = try String(contentsOfFile: path, encoding: .utf8)
    try config.replacing("\"\(hasBF16 ? "bf16" : "f32")\"", with: "\"\(other)\"")
      .write(toFile: path, atomically: true, encoding: .utf8)
    result = try TesseraProgram.run(
      arguments(data, automatic, steps: 2) + ["--precision", "auto", "--resume"])
    #expect(result.status == (hasBF16 ? 0 : 65), "\(result.errors)")
    #expect(try precision(automatic)?.contains(other) == true)
    #expect(hasBF16 || result.errors.contains("begun in bf16"), "\(result.errors)")
  }

  @Test func `a run stopped by a signal says so and goes on`() throws {
    let folder = try TemporaryDirectory()
    let run = folder.path("run")
    let all = arguments(try domains(folder), run, steps: 100_000)
    let process = try TesseraProgram.start(all)
    try waitForState(run)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 143)
    let states = try FileManager.default.contentsOfDirectory(atPath: "\(run)/checkpoints")
    #expect(states.contains { $0.hasSuffix(".safetensors") })
    let page = try String(contentsOfFile: "\(run)/index.html", encoding: .utf8)
    #expect(page.contains("--resume"))
  }

  @Test func `a tenth of the training folder is held out, said, and kept to by a resumed run`()
    throws
  {
    let folder = try TemporaryDirectory()
    for domain in ["A", "B"] {
      for (phase, count) in [("train", 12), ("test", 3)] {
        let path = folder.path("data/\(phase)\(domain)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for index in 0..<count {
          try TestImages.writePPM("\(path)/\(index).ppm", width: 48, height: 48)
        }
      }
    }
    let run = folder.path("run")
    let all = arguments(folder.path("data"), run, steps: 2)
    let begun = try TesseraProgram.run(all)
    #expect(begun.status == 0, "\(begun.errors)")
    let line = "no val folder: 1 and 1 of 12 and 12 pictures are held out for validation"
    #expect(begun.errors.contains(line), "\(begun.errors)")
    #expect(try String(contentsOfFile: "\(run)/index.html", encoding: .utf8).contains(line))
    let record = try String(contentsOfFile: "\(run)/config.json", encoding: .utf8)
    let names = record.matches(of: /"(train[AB]\/\d+\.ppm)"/).map { String($0.output.1) }
    #expect(names.count == 2, "\(record)")

    // What comes into the folder later changes nothing of what is held out.
    for index in 100..<120 {
      try TestImages.writePPM(folder.path("data/trainA/\(index).ppm"), width: 48, height: 48)
    }
    let resumed = try TesseraProgram.run(
      ["train", "cut", "--output", run, "--resume", "--max-steps", "3"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("1 and 1 of 32 and 12 pictures are held out"))
    let after = try String(contentsOfFile: "\(run)/config.json", encoding: .utf8)
    #expect(names.allSatisfy { after.contains("\"\($0)\"") })

    let none = try TesseraProgram.run(
      arguments(folder.path("data"), folder.path("none"), steps: 1) + ["--hold-out", "0"])
    #expect(none.errors.contains("nothing is held out (--hold-out 0)"), "\(none.errors)")
  }

  @Test(arguments: [
    ("pix2pix", "--lambda-l1 <x>"), ("cyclegan", "--lambda-cycle <x>"),
    ("cut", "--lambda-nce <x>         Weight of the contrastive loss (1)."),
    ("fastcut", "Weight of the contrastive loss (10)."), ("spade", "--lambda-kld <x>"),
    ("pix2pixhd", "--downs <n>"),
  ])
  func `the help of a method shows its options, those of all, and none of others`(
    method: String, text: String
  ) throws {
    let command = try #require(
      TrainCommand.configuration.subcommands.first { $0.configuration.commandName == method })
    let help = TrainCommand.helpMessage(for: command, columns: 80)
    let words = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let wanted = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains(wanted), "\(help)")
    for shared in ["--learning-rate <x>", "--data <dir>", "--hold-out <n>", "--resume"] {
      #expect(words.contains(shared), "\(shared)")
    }
    let lambdas: Set = [
      "l1", "cycle", "identity", "nce", "gan", "paired", "perceptual", "feature", "kld",
    ]
    let own: [String: Set<String>] = [
      "pix2pix": ["l1", "perceptual"], "cyclegan": ["cycle", "identity", "paired"],
      "cut": ["nce", "gan", "paired"], "fastcut": ["nce", "gan", "paired"],
      "spade": ["feature", "perceptual", "kld"], "pix2pixhd": ["feature"],
    ]
    #expect(lambdas.filter { words.contains("--lambda-\($0) ") } == own[method])
    #expect(words.contains("--label-classes") == ["spade", "pix2pixhd"].contains(method))
    #expect(help.split(separator: "\n").count < 75)
    #expect(words.contains("--help-hidden") && !words.contains("--planes"))
    let all = TrainCommand.helpMessage(for: command, includeHidden: true, columns: 80)
    for rare in ["--planes <plane,…>", "--seed <n>", "--turns", "--source-window <low..high>"] {
      #expect(all.contains(rare), "\(rare)")
    }
  }

  @Test func `help of a method is shown by the program, asked either way`() throws {
    let root = try TesseraProgram.run(["train", "--help"])
    #expect(root.status == 0 && root.output.contains("train METHOD --help"), "\(root.errors)")
    #expect(Methods.all.allSatisfy { root.output.contains("  \($0.name) ") }, "\(root.output)")
    let help = try TesseraProgram.run(["train", "cut", "--help"])
    let asked = try TesseraProgram.run(["help", "train", "cut"])
    #expect(help.status == 0 && help.output.contains("--lambda-nce <x>"), "\(help.errors)")
    #expect(asked.status == 0 && asked.output == help.output)
    #expect(help.output.contains("--help-hidden' adds the rarer options"))
    let all = try TesseraProgram.run(["train", "cut", "--help-hidden"])
    #expect(all.status == 0 && all.output.contains("--planes <plane"), "\(all.errors)")
    #expect(!all.output.contains("adds the rarer options"))
  }

  @Test func `the method may stand anywhere, and numbers out of range are wrong usage`() throws {
    let folder = try TemporaryDirectory()
    let data = try domains(folder)
    // A run that is named like another method.
    let run = folder.path("pix2pix")
    var small = arguments(data, run, steps: 1)
    small.removeAll { $0 == "cut" }
    let result = try TesseraProgram.run(small + ["cut"])
    #expect(result.status == 0, "\(result.errors)")
    for (option, value, words) in [
      ("--patches", "0", "a whole number from 1 to 65536"), ("--beta1", "1", "from 0 to below 1"),
      ("--lambda-nce", "-1", "a number from 0 on"),
      ("--ngf", "1e3", "a whole number from 1 to 4096"),
      ("--nce-layers", "0,,4", "as in 0,4,8"), ("--gan-mode", "wgangp", "vanilla, lsgan, hinge or"),
      ("--init-gain", "nan", "a number from 0 on"),
    ] {
      let error = #expect(throws: (any Error).self) {
        let all = arguments(data, folder.path("run"), steps: 1) + ["\(option)=\(value)"]
        _ = try TrainCommand.parseAsRoot(TrainCommand.arranged(Array(all.dropFirst())))
      }
      guard let error else { continue }
      #expect(TrainCommand.exitCode(for: error) == .validationFailure, "\(option)")
      #expect(TrainCommand.message(for: error).contains(words), "\(option): \(error)")
    }
    for arguments in [[], ["--data", data]] {
      let error = #expect(throws: UsageError.self) { try TrainCommand.arranged(arguments) }
      #expect(error?.message.contains("the method is missing: give one of") == true)
    }
    let unknown = try TesseraProgram.run(["train", "cutt", "--data", data])
    #expect(unknown.status == 64 && unknown.errors.contains("there is no method cutt: give one of"))
  }
}

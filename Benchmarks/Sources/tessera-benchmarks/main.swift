import Base
import Foundation
import Inference
import TileIO

// Prints a table of speed and memory against vips, torchstain and PyTorch, both sides in the same run.
// usage: tessera-benchmarks [--only slide,transform,fit,huge,generator,image,network-slide,
//   training,plugins] [--runs 5]
//   [--work DIR]

var cases: Set<String> = [
  "slide", "transform", "fit", "huge", "generator", "image", "network-slide", "training",
  "plugins",
]
var runs = 5
var work = FileManager.default.temporaryDirectory.appending(path: "tessera-benchmarks").path
var arguments = CommandLine.arguments.dropFirst()
while let option = arguments.popFirst() {
  guard let value = arguments.popFirst() else { break }
  switch option {
  case "--only": cases = Set(value.split(separator: ",").map(String.init))
  case "--runs": runs = Int(value) ?? runs
  case "--work": work = value
  default: print("unknown option \(option)")
  }
}

let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
  .standardizedFileURL
let tessera = root.appending(path: ".build/release/tessera").path
try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
let slide = "\(work)/slide-16384/slide.tif"
if !FileManager.default.fileExists(atPath: slide) {
  _ = try run(tessera, ["samples", "\(work)/slide-16384", "--size", "16384"])
}
let normalize = ["--pair", "stain-normalization", "--overwrite", "--json", "--compression", "jpeg"]

let python = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"] ?? "python3"
let peers = root.appending(path: "Benchmarks/peers").path

var report = Report()

if cases.contains("slide") {
  var ours: [Double] = []
  var copies: [Double] = []
  var memory: [Double] = []
  let save = "[compression=jpeg,Q=90,tile,tile-width=256,tile-height=256,pyramid,bigtiff]"
  for iteration in 0...runs {
    let result = try run(tessera, ["translate", slide, "--output", "\(work)/ours.tif"] + normalize)
    let copy = try run("vips", ["copy", slide, "\(work)/copy.tif\(save)"])
    guard iteration > 0 else { continue }  // The first pair warms the file cache.
    ours.append(result.seconds)
    copies.append(copy.seconds)
    memory.append(peakMemory(result))
  }
  let ratio = median(zip(ours, copies).map { $0 / $1 })
  report.add(
    "16384² Macenko to a JPEG 90 pyramid, time against a vips copy",
    "\(short(ratio)) (\(short(median(ours))) s to \(short(median(copies))) s)", bar: "0.8",
    isMet: ratio <= 0.8)
  report.add(
    "the same, peak memory", "\(short(median(memory))) MB", bar: "400 MB",
    isMet: median(memory) <= 400)
}

if cases.contains("transform") {
  let ppm = "\(work)/tissue.ppm"
  _ = try run("vips", ["crop", slide, ppm, "5000", "4000", "1024", "1024"])
  let rate = try TransformRate(ppm: ppm)
  let raw = "\(work)/tissue.raw"
  try Data(rate.pixels).write(to: URL(filePath: raw))
  let ours = try rate.measure(method: "macenko", runs: max(runs, 5) * 4)
  let script = "\(peers)/torchstain_rate.py"
  do {
    let output = try run(python, [script, raw, "\(rate.width)", "\(rate.height)"]).output
    for line in output.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count == 2, let peer = Double(fields[1]) else { continue }
      report.add(
        "Macenko transform, one core, against torchstain (\(fields[0]))",
        "\(short(ours / peer)) times (\(short(ours)) to \(short(peer)) MP/s)", bar: "20 times",
        isMet: ours / peer >= 20)
    }
  } catch {
    print("torchstain: left out, \(error); run make oracles")
  }
  let reinhard = try rate.measure(method: "reinhard", runs: max(runs, 5))
  report.add("Reinhard transform, one core", "\(short(reinhard)) MP/s", bar: "–")
}

if cases.contains("fit") {
  let times = try (0..<runs).map { _ in
    try run(
      tessera,
      [
        "fit", slide, "--pair", "stain-normalization", "--set", "method=vahadane", "--overwrite",
        "--output", "\(work)/vahadane.json",
      ]
    ).seconds
  }
  report.add(
    "Vahadane fit of the 16384² slide", "\(short(median(times))) s", bar: "20 s",
    isMet: median(times) <= 20)
}

if cases.contains("huge") {
  let huge = "\(work)/slide-100000/slide.tif"
  if !FileManager.default.fileExists(atPath: huge) {
    _ = try run(tessera, ["samples", "\(work)/slide-100000", "--size", "100000"])
  }
  let result = try run(tessera, ["translate", huge, "--output", "\(work)/huge.tif"] + normalize)
  report.add(
    "100,000² Macenko to a JPEG 90 pyramid, peak memory",
    "\(short(peakMemory(result))) MB at \(short(10_000 / result.seconds)) MP/s",
    bar: "1500 MB", isMet: peakMemory(result) <= 1500)
  try? FileManager.default.removeItem(atPath: "\(work)/huge.tif")
}

if !cases.isDisjoint(with: ["generator", "image", "network-slide"]) {
  do {
    let engine = try InferenceEngine()
    let pool = WorkerPool()
    if !cases.isDisjoint(with: ["generator", "image"]) {
      let generator = try Generator(blocks: 9, width: 64, work: work, engine: engine)
      if cases.contains("generator") {
        let rates = GeneratorRates(
          generator: generator, engine: engine, python: python,
          script: "\(peers)/resnet_generator.py")
        try rates.measure(runs: runs, report: &report)
      }
      if cases.contains("image") {
        let (image, part) = ("\(work)/tissue-2048.png", "\(work)/tissue-512.png")
        _ = try run("vips", ["crop", slide, image, "5000", "4000", "2048", "2048"])
        _ = try run("vips", ["crop", slide, part, "5000", "4000", "512", "512"])
        let pass = NetworkPass(generator: generator, engine: engine, pool: pool)
        try NetworkImage(pass: pass, image: image, part: part, work: work)
          .measure(runs: min(runs, 3), report: &report)
      }
    }
    if cases.contains("network-slide") {
      let generator = try Generator(blocks: 6, width: 16, work: work, engine: engine)
      let pass = NetworkPass(generator: generator, engine: engine, pool: pool)
      try NetworkSlide(pass: pass, slide: slide, tessera: tessera, work: work)
        .measure(report: &report)
    }
  } catch let error as TesseraError where error.path.isEmpty {
    print("networks: left out, \(error)")
  }
}

if cases.contains("training") {
  try TrainingRates(
    engine: InferenceEngine(), python: python, script: "\(peers)/cyclegan_step.py", work: work
  ).measure(rounds: max(1, min(runs / 2, 3)), report: &report)
}

if cases.contains("plugins") {
  // Programs find the Python that has numpy first.
  let folder = URL(filePath: python).deletingLastPathComponent().path
  let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
  if python.hasPrefix("/") { setenv("PATH", "\(folder):\(path)", 1) }
  try PluginRates(tessera: tessera, slide: slide, root: root, work: work)
    .measure(runs: runs, report: &report)
}

exit(report.missed == 0 ? 0 : 1)

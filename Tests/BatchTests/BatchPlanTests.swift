import Base
import Foundation
import TestSupport
import Testing

@testable import Batch

struct BatchPlanTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    for name in ["in/a.png", "in/sub/b.png", "in/sub/.hidden.png", "in/notes.txt", "in/c.svs"] {
      let url = folder.url.appending(path: name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("x".utf8).write(to: url)
    }
  }

  private func outputs(_ plan: BatchPlan) -> [String] {
    plan.items.map { String($0.output.dropFirst(folder.url.path.count + 1)) }
  }

  @Test func `a directory is mirrored, its subdirectories only when asked`() throws {
    let flat = try BatchPlan(
      inputs: [folder.path("in")], output: folder.path("out"), isRecursive: false)
    #expect(outputs(flat) == ["out/a.png", "out/c.tif"])
    let deep = try BatchPlan(
      inputs: [folder.path("in")], output: folder.path("out"), isRecursive: true)
    #expect(outputs(deep) == ["out/a.png", "out/c.tif", "out/sub/b.png"])
  }

  @Test func `a file goes into a directory that exists`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("out"), withIntermediateDirectories: true)
    let plan = try BatchPlan(
      inputs: [folder.path("in/c.svs")], output: folder.path("out"), isRecursive: false)
    #expect(outputs(plan) == ["out/c.tif"])
  }

  @Test func `two directories keep their names`() throws {
    let plan = try BatchPlan(
      inputs: [folder.path("in"), folder.path("in/sub")], output: folder.path("out"),
      isRecursive: false)
    #expect(outputs(plan) == ["out/in/a.png", "out/in/c.tif", "out/sub/b.png"])
  }

  @Test func `two files of one name get two outputs`() throws {
    try FileManager.default.copyItem(
      atPath: folder.path("in/a.png"), toPath: folder.path("in/sub/a.png"))
    let plan = try BatchPlan(
      inputs: [folder.path("in/a.png"), folder.path("in/sub/a.png")], output: folder.path("out"),
      isRecursive: false)
    #expect(Set(outputs(plan)).count == 2)
  }

  @Test func `a link that leads in a circle is not followed`() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("in/sub/loop"), withDestinationPath: folder.path("in"))
    let plan = try BatchPlan(
      inputs: [folder.path("in")], output: folder.path("out"), isRecursive: true)
    #expect(plan.items.count == 3)
  }

  @Test func `an output that would overwrite an input is refused`() {
    #expect(throws: UsageError.self) {
      try BatchPlan(inputs: [folder.path("in")], output: folder.path("in"), isRecursive: false)
    }
    #expect(throws: UsageError.self) {
      try BatchPlan(
        inputs: [folder.path("in/a.png")], output: folder.path("in/../in/a.png"),
        isRecursive: false)
    }
  }

  @Test func `what is measured on images takes no name that is read or written`() throws {
    func plan(_ calibrations: String, to output: String = "out/a.png") throws -> BatchPlan {
      try BatchPlan(
        inputs: [folder.path("in/a.png")], output: folder.path(output), isRecursive: false,
        others: [folder.path("in/sub")], calibrations: folder.path(calibrations))
    }
    #expect(try plan("out/a.json").items[0].calibration == folder.path("out/a.json"))
    for path in ["in/a.png", "out/a.png", "out/../out/a.png", "in/sub/b.png"] {
      #expect(throws: UsageError.self, "\(path)") { try plan(path) }
    }
    #expect(throws: UsageError.self) { try plan("out/a.json", to: "in/sub/b.png") }
  }

  @Test func `what is measured on images of one name is kept apart`() throws {
    for name in ["in/a.jpg", "in/b.png"] {
      try Data("x".utf8).write(to: URL(filePath: folder.path(name)))
    }
    let plan = try BatchPlan(
      inputs: [folder.path("in/a.jpg"), folder.path("in/a.png"), folder.path("in/b.png")],
      output: folder.path("out"), isRecursive: false, calibrations: "kept")
    #expect(
      plan.items.map(\.calibration) == [
        "kept/a.jpg.calibration.safetensors", "kept/a.png.calibration.safetensors",
        "kept/b.calibration.safetensors",
      ])
  }

  @Test func `volumes keep both parts of their endings, and a DICOM series is one input`() throws {
    let tree = folder.path("study")
    for name in ["scan.nii.gz", "scan.nrrd", "pair.mhd", "other/scan.nii.gz", "photo.hdr"] {
      let url = URL(filePath: "\(tree)/\(name)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data((name == "photo.hdr" ? "#?RADIANCE" : "x").utf8).write(to: url)
    }
    try FileManager.default.createDirectory(
      atPath: "\(tree)/series", withIntermediateDirectories: true)
    for slice in 0..<3 {
      try Data(repeating: 0, count: 128).appending("DICM").write(
        to: URL(filePath: "\(tree)/series/IM\(slice)"))
    }
    let plan = try BatchPlan(inputs: [tree], output: folder.path("out"), isRecursive: true)
    #expect(
      outputs(plan) == [
        "out/other/scan.nii.gz", "out/pair.mha", "out/photo.png", "out/scan.nii.gz",
        "out/scan.nrrd",
        "out/series",
      ])
    let single = try BatchPlan(
      inputs: ["\(tree)/series"], output: folder.path("ct"), isRecursive: false)
    #expect(outputs(single) == ["ct"] && single.directory == nil)
    let same = try BatchPlan(
      inputs: ["\(tree)/scan.nii.gz", "\(tree)/other/scan.nii.gz"], output: folder.path("out"),
      isRecursive: false)
    #expect(outputs(same) == ["out/scan-2.nii.gz", "out/scan.nii.gz"])
  }

  /// A folder with a slide in DICOM: two levels and the label.
  private func makeSlide(_ name: String, series: String, ending: String = ".dcm") throws {
    let url = folder.url.appending(path: name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (part, side, kind) in [("1", 256, "VOLUME"), ("2", 512, "VOLUME"), ("3", 900, "LABEL")] {
      try TestDICOM.header(series: series, columns: side, rows: side, kind: kind).write(
        to: url.appending(path: "\(series).\(part)\(ending)"))
    }
  }

  @Test func `the files of a slide in DICOM are one input`() throws {
    try makeSlide("cohort/one", series: "1.2")
    try makeSlide("cohort/two", series: "1.3", ending: "")
    let plan = try BatchPlan(
      inputs: [folder.path("cohort")], output: folder.path("out"), isRecursive: true)
    #expect(outputs(plan) == ["out/one/1.2.2.tif", "out/two/1.3.2.tif"])
    #expect(plan.items.map { URL(filePath: $0.input).lastPathComponent } == ["1.2.2.dcm", "1.3.2"])
    #expect(
      try BatchPlan.images(of: [folder.path("cohort")], isRecursive: true).map(\.input)
        == plan.items.map(\.input))
    // Both in one folder
    try makeSlide("cohort/one", series: "1.4")
    let flat = try BatchPlan(
      inputs: [folder.path("cohort/one")], output: folder.path("flat"), isRecursive: false)
    #expect(outputs(flat) == ["flat/1.2.2.tif", "flat/1.4.2.tif"])
  }

  @Test func `a folder with one slide in DICOM becomes a picture where one is named`() throws {
    try makeSlide("one", series: "1.2")
    let plan = try BatchPlan(
      inputs: [folder.path("one")], output: folder.path("slide.tif"), isRecursive: false)
    #expect(outputs(plan) == ["slide.tif"] && plan.directory == nil)
    #expect(plan.items[0].input.hasSuffix("one/1.2.2.dcm"))
    let files = ["1", "2", "3"].map { folder.path("one/1.2.\($0).dcm") }
    let named = try BatchPlan(inputs: files, output: folder.path("s.tif"), isRecursive: false)
    #expect(outputs(named) == ["s.tif"] && named.items[0].input == files[1])
    #expect(try BatchPlan.images(of: files, isRecursive: false).map(\.input) == [files[1]])
    // Nothing else is left out.
    try Data("x".utf8).write(to: URL(filePath: folder.path("one/photo.png")))
    let both = try BatchPlan(
      inputs: [folder.path("one")], output: folder.path("slide.tif"), isRecursive: false)
    #expect(outputs(both) == ["slide.tif/1.2.2.tif", "slide.tif/photo.png"])
  }
}

extension Data {
  fileprivate func appending(_ text: String) -> Data { self + Data(text.utf8) }
}

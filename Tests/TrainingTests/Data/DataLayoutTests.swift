import Foundation
import Testing

@testable import Training

struct DataLayoutTests {
  let folder: ExampleFolder

  init() throws { folder = try ExampleFolder() }

  private func find() throws -> (training: DataLayout, validation: DataLayout?) {
    try DataLayout.find(folder.root)
  }

  private func names(_ paths: [String]) -> [String] {
    paths.map { String($0.dropFirst(folder.root.count + 1)) }
  }

  private func complaint() -> String {
    do {
      _ = try find()
      return ""
    } catch { return "\(error)" }
  }

  @Test(arguments: ["", "_"])
  func `two domains, by the names of both families`(separator: String) throws {
    let (a, b) = ("train\(separator)A", "train\(separator)B")
    try folder.noise(["\(a)/10.png", "\(a)/9.png", "\(a)/deep/1.jpg", "\(b)/x.ppm"])
    try folder.noise(["test\(separator)A/1.png", "test\(separator)B/1.png"])
    try folder.text("\(a)/notes.txt", "no image")
    try folder.text("\(a)/.DS_Store", "none either")
    let (training, validation) = try find()
    guard case .unpaired(let first, let second) = training else {
      Issue.record("\(training)")
      return
    }
    #expect(names(first) == ["\(a)/9.png", "\(a)/10.png", "\(a)/deep/1.jpg"])
    #expect(names(second) == ["\(b)/x.ppm"])
    #expect((training.count, training.fileCount) == (3, 4))
    #expect(validation?.count == 1)
    #expect(folder.complaint(.labels).contains("label maps are needed: train_label"))
    #expect(folder.complaint(.paired).contains("use cyclegan or cut for unpaired pictures"))
    #expect(try folder.open(.unpaired).count == 3)
  }

  @Test func `two domains whose names agree are pairs for a method of pairs`() throws {
    try folder.noise(["train_A/1.png", "train_A/2.png", "train_B/1.ppm", "train_B/2.jpg"])
    guard case .paired(let pairs) = try find().training.fitting(.paired, "") else {
      Issue.record("no pairs")
      return
    }
    #expect(names(pairs.map(\.b)) == ["train_B/1.ppm", "train_B/2.jpg"])
  }

  @Test func `pictures side by side, val before test`() throws {
    try folder.noise(["train/1.png", "train/2.png", "val/1.png", "test/1.png", "test/2.png"])
    let (training, validation) = try find()
    #expect(training.count == 2)
    guard case .sideBySide(let files)? = validation else {
      Issue.record("\(String(describing: validation))")
      return
    }
    #expect(names(files) == ["val/1.png"])
  }

  @Test func `a folder of each domain with a folder of each phase`() throws {
    try folder.noise(["A/train/1.png", "A/train/2.png", "B/train/2.jpg", "B/train/1.jpg"])
    try folder.noise(["A/val/1.png", "B/val/1.png"])
    let (training, validation) = try find()
    guard case .paired(let pairs) = training else {
      Issue.record("\(training)")
      return
    }
    #expect(names(pairs.map(\.a)) == ["A/train/1.png", "A/train/2.png"])
    #expect(names(pairs.map(\.b)) == ["B/train/1.jpg", "B/train/2.jpg"])
    #expect(validation?.count == 1)
  }

  @Test(arguments: ["img", "photo"], [true, false])
  func `label maps with pictures, and instances`(pictures: String, hasInstances: Bool) throws {
    for stem in ["aachen_000002", "aachen_000010"] {
      try folder.noise([
        "train_label/\(stem)_gtFine_labelIds.png", "train_\(pictures)/\(stem)_leftImg8bit.png",
      ])
      if hasInstances { try folder.noise(["train_inst/\(stem)_gtFine_instanceIds.png"]) }
    }
    guard case .labels(let labelled) = try find().training else {
      Issue.record("no labels")
      return
    }
    for (files, stem) in zip(labelled, ["aachen_000002", "aachen_000010"]) {
      #expect(names([files.label, files.picture]).allSatisfy { $0.contains(stem) })
      #expect(files.instances?.contains(stem) ?? !hasInstances)
    }
    // A method that takes pictures of pairs, or of domains, takes these too.
    guard case .paired = try find().training.fitting(.paired, ""),
      case .unpaired = try find().training.fitting(.unpaired, "")
    else {
      Issue.record("label maps are pictures")
      return
    }
  }

  @Test func `any two folders with the same names`() throws {
    try folder.noise(["ct/1.png", "ct/2.png", "mr/1.jpg", "mr/2.jpg"])
    try folder.text("README.md", "about")
    let (training, validation) = try find()
    #expect(training.count == 2 && validation == nil)
  }

  @Test func `what does not belong together is never paired by order`() throws {
    try folder.noise(["cats/a.png", "cats/b.png", "dogs/c.png", "dogs/d.png"])
    #expect(complaint().contains("dogs has no image of this name; both folders need the same"))
    try folder.noise(["A/train/1.png", "B/train/2.png"])
    #expect(complaint().contains("A/train/1.png: looking for training data: "))
  }

  @Test func `label maps whose numbers disagree are not paired by order`() throws {
    try folder.noise(["train_label/x_1.png", "train_label/x_2.png"])
    try folder.noise(["train_img/y_1.png", "train_img/y_3.png"])
    #expect(complaint().contains("train_label/x_2.png"))
  }

  @Test func `a map of instances is missing`() throws {
    try folder.noise(["train_label/1.png", "train_label/2.png", "train_img/1.png"])
    try folder.noise(["train_img/2.png", "train_inst/1.png"])
    let text = complaint()
    #expect(text.contains("train_label/2.png") && text.contains("train_inst has no map"))
  }

  @Test func `every folder that is no data set says what is wanted`() throws {
    let missing = #expect(throws: TrainingError.self) { try DataLayout.find("/nowhere/at/all") }
    #expect(
      missing?.message
        == "/nowhere/at/all: looking for training data: there is no such folder")
    #expect(complaint().contains("it is empty; it should hold trainA and trainB"))
    try folder.noise(["1.png"])
    #expect(complaint().contains("it holds 1.png; wanted are trainA and trainB"))
    let file = #expect(throws: TrainingError.self) {
      try DataLayout.find(folder.directory.path("1.png"))
    }
    #expect(file?.message.contains("it is a file; give the folder") == true)
  }

  @Test func `one side alone is told from none`() throws {
    try folder.noise(["trainB/1.png"])
    #expect(complaint().contains("there is trainB, but no trainA: both domains are needed"))
    try FileManager.default.createDirectory(
      atPath: folder.directory.path("trainA"), withIntermediateDirectories: true)
    #expect(complaint().hasSuffix("trainA: looking for training data: there are no images in it"))
  }

  @Test func `label maps without pictures, and one domain of two`() throws {
    try folder.noise(["train_label/1.png"])
    #expect(complaint().contains("there is train_label, but neither train_img nor train_photo"))
    let other = try ExampleFolder()
    try other.noise(["A/train/1.png"])
    #expect(other.complaint(.paired).contains("B/train: looking for training data: there is no"))
  }
}

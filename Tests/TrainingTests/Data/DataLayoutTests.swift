import Base
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
    try folder.noise(["val\(separator)A/1.png", "val\(separator)B/1.png"])
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
    #expect(try pairs().map(\.b) == ["train_B/1.ppm", "train_B/2.jpg"])
  }

  /// The pairs of a folder for a method of pairs.
  private func pairs() throws -> [DataLayout.Pair] {
    guard case .paired(let pairs) = try DataLayout.find(folder.root, as: .paired).training else {
      Issue.record("no pairs")
      return []
    }
    return pairs.map { .init(a: names([$0.a])[0], b: names([$0.b])[0]) }
  }

  private func refusal() -> String {
    do {
      _ = try pairs()
      return ""
    } catch { return "\(error)" }
  }

  @Test func `nested domains are paired by path, whatever the ending`() throws {
    for place in ["p1/0", "p1/1", "p2/0", "p2/deep/0", "0"] {
      try folder.noise(["trainA/\(place).png", "trainB/\(place).ppm", "valA/\(place).png"])
      try folder.noise(["valB/\(place).png"])
    }
    let pairs = try pairs()
    #expect(pairs.count == 5)
    for pair in pairs {
      #expect(pair.b == pair.a.replacing("trainA", with: "trainB").replacing(".png", with: ".ppm"))
    }
    guard case .paired(let held)? = try DataLayout.find(folder.root, as: .paired).validation else {
      Issue.record("no pairs are held out")
      return
    }
    #expect(held.allSatisfy { $0.b == $0.a.replacing("valA", with: "valB") })
  }

  @Test func `a base name in another folder is no partner`() throws {
    try folder.noise(["trainA/p1/0.png", "trainA/p2/0.png"])
    try folder.noise(["trainB/q1/0.png", "trainB/q2/0.png"])
    #expect(refusal().contains("trainA/p1/0.png: looking for training data: "))
    #expect(refusal().contains("trainB has no image of this name"))
    try folder.noise(["trainB/p1/0.png", "trainB/p2/0.png"])
    #expect(refusal().contains("trainB/q1/0.png: looking for training data: "))
    #expect(refusal().contains("trainA has no image of this name"))
    #expect(try folder.open(.unpaired).count == 4)
  }

  @Test func `two files of one name are told by their endings, or refused`() throws {
    try folder.noise(["A/train/1.png", "A/train/1.jpg", "B/train/1.png", "B/train/1.jpg"])
    #expect(try pairs().allSatisfy { $0.b == $0.a.replacing("A/", with: "B/") })
    try folder.noise(["A/train/2.png", "B/train/2.ppm", "B/train/2.jpg"])
    #expect(refusal().contains("A/train/2.png: looking for training data: "))
    #expect(refusal().contains("B/train has 2.jpg and 2.ppm: take one of them away"))
    try FileManager.default.removeItem(atPath: folder.path("B/train/2.jpg"))
    try folder.noise(["A/train/2.jpg"])
    #expect(refusal().contains("/B/train/2.ppm, too: take one of them away"))
  }

  @Test func `pictures and instances without a label map are named`() throws {
    try folder.noise(["train_label/a/1.png", "train_img/a/1.png", "train_inst/a/1.png"])
    try folder.noise(["train_img/b/1.png"])
    #expect(complaint().contains("train_img/b/1.png: looking for training data: "))
    try FileManager.default.removeItem(atPath: folder.path("train_img/b/1.png"))
    try folder.noise(["train_inst/2.png"])
    #expect(complaint().hasSuffix("label has no image of this name; complete it or take it away"))
  }

  @Test func `the order of names pairs nothing that its names or folders tell apart`() throws {
    try folder.noise(["train_label/berlin/0_l.png", "train_label/munich/0_l.png"])
    try folder.noise(["train_img/munich/0_i.png", "train_img/zurich/0_i.png"])
    #expect(complaint().contains("train_label/berlin/0_l.png"))
    let flat = try ExampleFolder()
    try flat.noise(["train_label/cat_l.png", "train_label/dog_l.png"])
    try flat.noise(["train_img/bird_i.png", "train_img/cat_i.png"])
    #expect(flat.complaint(.labels).contains("train_label/cat_l.png"))
    let words = try ExampleFolder()
    try words.noise(["train_label/cat_l.png", "train_label/dog_l.png"])
    try words.noise(["train_img/cat_i.png", "train_img/dog_i.png"])
    guard case .labels(let found) = try DataLayout.find(words.root).training else {
      Issue.record("no labels")
      return
    }
    #expect(found.map { $0.label.hasSuffix("cat_l.png") } == [true, false])
    #expect(found.map { $0.picture.hasSuffix("cat_i.png") } == [true, false])
  }

  @Test func `pictures side by side, and test is never read`() throws {
    try folder.noise(["train/1.png", "train/2.png", "val/1.png", "test/1.png", "test/2.png"])
    let (training, validation) = try find()
    #expect(training.count == 2)
    guard case .sideBySide(let files)? = validation else {
      Issue.record("\(String(describing: validation))")
      return
    }
    #expect(names(files) == ["val/1.png"])
    for name in ["valid", "validation"] {
      try FileManager.default.removeItem(atPath: folder.path("val"))
      try folder.noise(["\(name)/1.png", "val/1.png"])
      try FileManager.default.removeItem(atPath: folder.path("val"))
      #expect(try find().validation?.count == 1, "\(name)")
      try FileManager.default.moveItem(atPath: folder.path(name), toPath: folder.path("val"))
    }
    try FileManager.default.removeItem(atPath: folder.path("val"))
    #expect(try find().validation == nil)
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
    guard case .labels(let labeled) = try find().training else {
      Issue.record("no labels")
      return
    }
    for (files, stem) in zip(labeled, ["aachen_000002", "aachen_000010"]) {
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

  @Test(arguments: [
    ("testA", "testB"), ("val_A", "val_B"), ("Test", "labels"), ("A/test", "B/test"),
    ("A/validation", "B/validation"), ("photos", "TestPhotos"),
  ])
  func `folders for testing or validation are never learned from`(a: String, b: String) throws {
    try folder.noise(["\(a)/1.png", "\(a)/2.png", "\(b)/1.png", "\(b)/2.png"])
    let text = complaint()
    #expect(text.contains("there is no trainA and no train"), "\(text)")
    #expect(text.contains("is never learned from"), "\(text)")
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
    let missing = #expect(throws: TesseraError.self) { try DataLayout.find("/nowhere/at/all") }
    #expect(
      missing?.description
        == "/nowhere/at/all: looking for training data: there is no such folder")
    #expect(complaint().contains("it is empty; it should hold trainA and trainB"))
    try folder.noise(["1.png"])
    #expect(complaint().contains("it holds 1.png; wanted are trainA and trainB"))
    let file = #expect(throws: TesseraError.self) {
      try DataLayout.find(folder.directory.path("1.png"))
    }
    #expect(file?.description.contains("it is a file; give the folder") == true)
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

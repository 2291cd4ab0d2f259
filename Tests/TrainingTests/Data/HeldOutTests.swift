import Base
import Foundation
import Testing

@testable import Training

/// What is held out of the training folder where there is none for validation.
struct HeldOutTests {
  private let root = "/data"

  private func pairs(_ names: [String]) -> DataLayout {
    .paired(names.map { .init(a: "\(root)/A/train/\($0)", b: "\(root)/B/train/\($0)") })
  }

  private func split(_ names: [String], count: Int? = nil) throws -> HeldOut {
    try HeldOut(pairs(names), in: root, count: count)
  }

  /// The names of a layout of pairs.
  private func names(_ layout: DataLayout?) -> [String] {
    guard case .paired(let pairs)? = layout else { return [] }
    return pairs.map { String($0.a.dropFirst("/data/A/train/".count)) }
  }

  private let photographs = (0..<120).map { "photo\($0).png" }

  @Test func `about a tenth is held out, whatever the order of the files`() throws {
    let first = try split(photographs)
    #expect(first.names.count == 12 && first.validation?.count == 12)
    #expect(first.training.count == 108)
    #expect(Set(names(first.training)).isDisjoint(with: names(first.validation)))
    var numbers = SeededNumbers(state: 3)
    #expect(try split(photographs.shuffled(using: &numbers)).names == first.names)
    // Most of it stays where files come or go.
    let fewer = try split(Array(photographs.dropFirst(10)))
    #expect(Set(fewer.names).subtracting(first.names).count <= 2)
    #expect(try split((0..<2000).map { "photo\($0).png" }).names.count == 50)
    #expect(
      first.finding(of: pairs(photographs), count: nil)
        == "no val folder: 12 of 120 pairs are held out for validation")
  }

  @Test func `a record is kept to, whatever is in the folder`() throws {
    let first = try split(photographs)
    let more = photographs + (0..<50).map { "new\($0).png" }
    let again = HeldOut(pairs(more), in: root, names: first.names)
    #expect(names(again.validation) == names(first.validation))
    #expect(again.training.count == 158)
    let none = HeldOut(pairs(photographs), in: root, names: [])
    #expect(none.validation == nil && none.training == pairs(photographs))
  }

  @Test func `a count is exact, 0 holds nothing out, and something is left to learn from`() throws {
    #expect(try split(photographs, count: 7).names.count == 7)
    let none = try split(photographs, count: 0)
    #expect(none.validation == nil && none.training.count == 120)
    #expect(none.finding(of: pairs(photographs), count: 0).contains("(--hold-out 0)"))
    let error = #expect(throws: TesseraError.self) { try split(photographs, count: 120) }
    #expect(error?.reason.contains("leaves nothing of 120") == true)
  }

  @Test func `of few examples none is taken`() throws {
    let few = try split(Array(photographs.prefix(9)))
    #expect(few.validation == nil && few.training.count == 9)
    #expect(
      few.finding(of: pairs(Array(photographs.prefix(9))), count: nil).contains("too few"))
  }

  static let patients: [[String]] = [
    (0..<10).flatMap { patient in (0..<20).map { "p\(patient)/axial_\($0).tif" } },
    (0..<10).flatMap { patient in (0..<20).map { "patient\(patient)_\($0).tif" } },
    (0..<10).flatMap { patient in (0..<20).map { "IXI\(patient)-Guys-T1_slice_\($0).tif" } },
    (0..<10).flatMap { slide in (0..<20).map { "TCGA-0\(slide)_x\($0)_y\($0 * 7).png" } },
  ]

  @Test(arguments: patients)
  func `all slices of a patient stay together`(_ files: [String]) throws {
    let split = try split(files)
    #expect(split.validation?.count == 20, "\(split.names)")
    func patients(_ layout: DataLayout?) -> Set<Substring> {
      Set(names(layout).map { $0.prefix($0.hasPrefix("p") && $0.contains("/") ? 2 : 8) })
    }
    #expect(patients(split.training).isDisjoint(with: patients(split.validation)))
    #expect(split.finding(of: pairs(files), count: nil).contains("all of A/train/"))
    #expect(try self.split(files, count: 3).validation?.count == 60)
  }

  @Test func `names that only count are pictures of their own`() throws {
    for files in [
      (0..<40).map { "horse_\($0).png" }, (0..<40).map { "cmp_b00\($0).png" },
      (0..<40).map { "\($0).png" },
    ] { #expect(try split(files).validation?.count == 4) }
  }

  @Test func `slices of one patient are no validation of each other`() throws {
    let files = (0..<40).map { "one/axial_\($0).tif" }
    #expect(try split(files).validation == nil)
  }

  @Test func `of two domains both hold out or none does`() throws {
    func domains(_ a: Int, _ b: Int) throws -> HeldOut {
      try HeldOut(
        .unpaired(
          a: (0..<a).map { "\(root)/trainA/\($0).png" },
          b: (0..<b).map { "\(root)/trainB/\($0).png" }), in: root, count: nil)
    }
    let both = try domains(40, 100)
    guard case .unpaired(let a, let b)? = both.validation else {
      Issue.record("nothing is held out")
      return
    }
    #expect((a.count, b.count) == (4, 10))
    #expect(try domains(40, 5).validation == nil)
  }

  @Test func `test is never read, whatever else is there`() throws {
    let folder = try ExampleFolder()
    try folder.noise((0..<12).map { "train/\($0).png" } + (0..<5).map { "test/\($0).png" })
    var options = ExampleFolder.plain
    options.holdOut = nil
    let opened = try folder.opened(.paired, options)
    #expect((opened.training.count, opened.validation?.count) == (11, 1))
    #expect(opened.heldOut.allSatisfy { $0.hasPrefix("train/") } && opened.heldOut.count == 1)
    try folder.noise(["val/a.png", "val/b.png"])
    let own = try folder.opened(.paired, options)
    #expect((own.training.count, own.validation?.count) == (12, 2))
    #expect(own.heldOut.isEmpty && own.validationFinding == nil)
  }
}

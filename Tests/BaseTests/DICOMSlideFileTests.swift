import Base
import Foundation
import TestSupport
import Testing

struct DICOMSlideFileTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func write(_ name: String, _ data: Data) throws -> String {
    try data.write(to: folder.url.appending(path: name))
    return folder.path(name)
  }

  @Test(arguments: [true, false])
  func `a file of a whole slide says to which it belongs`(isExplicit: Bool) throws {
    let path = try write(
      "a", TestDICOM.header(series: "1.2.77", columns: 7000, rows: 300, isExplicit: isExplicit))
    let file = try #require(DICOMSlideFile(path))
    #expect(file.series == "1.2.77" && file.area == 2_100_000 && file.isLevel)
    let label = try write("b", TestDICOM.header(kind: "LABEL", isExplicit: isExplicit))
    #expect(DICOMSlideFile(label)?.isLevel == false)
  }

  @Test func `other files are none, and damage ends the search`() throws {
    #expect(DICOMSlideFile(folder.path("none")) == nil && DICOMSlideFile(folder.url.path) == nil)
    // CT
    let other = TestDICOM.header(class: "1.2.840.10008.5.1.4.1.1.2")
    #expect(DICOMSlideFile(try write("ct", other)) == nil)
    let whole = TestDICOM.header()
    for count in 0..<whole.count {
      _ = DICOMSlideFile(try write("cut", whole.prefix(count)))
    }
    // Any byte may be wrong.
    for place in 132..<whole.count {
      var damaged = whole
      damaged[place] = 0xFF
      _ = DICOMSlideFile(try write("damaged", damaged))
    }
  }

  @Test func `one file stands for each slide of a folder`() throws {
    for (name, data) in [
      ("label.dcm", TestDICOM.header(series: "1.2", columns: 9000, rows: 9000, kind: "LABEL")),
      ("a-2.dcm", TestDICOM.header(series: "1.2", columns: 256, rows: 256)),
      ("b-1.dcm", TestDICOM.header(series: "1.2", columns: 1024, rows: 1024)),
      ("c.dcm", TestDICOM.header(series: "1.3", columns: 64, rows: 64)),
      ("same.dcm", TestDICOM.header(series: "1.3", columns: 64, rows: 64)),
      ("notes.txt", Data("none".utf8)),
    ] { _ = try write(name, data) }
    let names = DICOMSlideFile.slides(in: folder.url.path).map {
      URL(filePath: $0.path).lastPathComponent
    }
    #expect(names == ["b-1.dcm", "c.dcm"])
    #expect(DICOMSlideFile.slides(in: folder.path("none")).isEmpty)
  }
}

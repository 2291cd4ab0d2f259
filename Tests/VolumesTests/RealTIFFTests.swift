import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

/// Real and broken TIFFs, none of which is a volume by mistake.
@Suite(.enabled(if: SharedData.isPresent, "needs the shared data"))
struct RealTIFFTests {
  @Test func `slides and pictures are no volumes`() throws {
    let folder = SharedData.path("slides")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let pictures = names.filter { VolumeFormat(path: $0) == .tiff }
    #expect(pictures.count > 10)
    for name in names {
      #expect(VolumeFormat(contentsOf: "\(folder)/\(name)") == nil, "\(name)")
    }
  }

  @Test func `broken files are refused in one line`() throws {
    let folder = URL(filePath: SharedData.path("malformed"))
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var count = 0
    for case let file as URL in files ?? FileManager.DirectoryEnumerator()
    where VolumeFormat(path: file.path) == .tiff {
      count += 1
      let isVolume = VolumeFormat(contentsOf: file.path) == .tiff
      do throws(TesseraError) {
        _ = try VolumeFile.open(file.path).read()
        #expect(isVolume, "\(file.path)")
      } catch {
        #expect(error.path == file.path && !error.description.contains("\n"))
      }
    }
    #expect(count > 20)
  }
}

import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing
import TileIO
import VolumeTranslation
import Volumes

@testable import Translation

/// Which volumes are learned from together, and where their slices lie.
struct SliceDatasetTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// Writes a head whose slices are cut to some from `first` on.
  private func write(_ name: String, from first: Int = 0, count: Int = 36) throws {
    let path = folder.path("data/\(name)")
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    let head = TestVolumes.head()
    var geometry = head.geometry
    geometry.size.z = count
    geometry.origin.z += Double(first) * geometry.spacing.z
    let plane = geometry.size.x * geometry.size.y
    try VolumeWriter.write(
      Volume(
        geometry: geometry,
        samples: Array(head.samples[(first * plane)..<((first + count) * plane)])), to: path,
      as: .float32)
  }

  private func cut(pairsDomains: Bool) throws {
    var format = SliceFormat()
    format.normalization = .init(.none)
    format.mask = false
    var dataset = SliceDataset(
      format, targetNormalization: .init(.none), isReversed: false, pool: WorkerPool(count: 1))
    dataset.pairsDomains = pairsDomains
    dataset.minimumBody = 0
    try dataset.write(from: folder.path("data"), to: folder.path("slices")) { _ in }
  }

  private func complaint(_ pairsDomains: Bool = true) -> String {
    do {
      try cut(pairsDomains: pairsDomains)
      return ""
    } catch { return "\(error)" }
  }

  @Test func `volumes of two domains lie on one grid where they are pairs`() throws {
    try write("trainA/1.nii")
    try write("trainB/1.nii", from: 8, count: 20)
    try cut(pairsDomains: true)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("slices/trainA/1"))
    #expect(names.count == 36)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("slices/trainB/1")).sorted()
        == names.sorted())
    // Slice 16 shows the same place in both, though it is slice 8 of the other volume.
    let middle = names.sorted()[16]
    let (a, b) = (
      try TestImages.read(ImageFile.open(folder.path("slices/trainA/1/\(middle)"))),
      try TestImages.read(ImageFile.open(folder.path("slices/trainB/1/\(middle)")))
    )
    #expect(a == b)
  }

  @Test func `a volume has one partner of its name, or the data are refused`() throws {
    for name in ["trainA/1.nii", "trainB/1.nii", "trainB/2.nii"] { try write(name) }
    #expect(complaint().contains("trainB/2.nii: preparing slices: there is no volume called 2"))
    #expect(complaint(false).isEmpty)
    try FileManager.default.removeItem(atPath: folder.path("data/trainB/2.nii"))
    try write("trainB/1.mha")
    #expect(complaint().contains("1.mha has the same name: take one of them away"))
  }
}

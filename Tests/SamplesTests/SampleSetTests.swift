import Base
import Foundation
import Samples
import TesseraPlugin
import TestSupport
import Testing
import TileIO

@Suite struct SampleSetTests {
  private let pool = WorkerPool(count: 2)

  private func written(_ set: SampleSet, to directory: TemporaryDirectory) throws
    -> (files: [String: [UInt8]], infos: [String: ImageInfo], options: [String: OutputOptions])
  {
    var sinks: [String: CollectingSink] = [:]
    var infos: [String: ImageInfo] = [:]
    var options: [String: OutputOptions] = [:]
    let paths = try set.write(to: directory.url, pool: pool) { path, info, output in
      let sink = CollectingSink()
      let name = String(path.dropFirst(directory.url.path.count + 1))
      sinks[name] = sink
      infos[name] = info
      options[name] = output
      return sink
    }
    #expect(Set(paths) == Set(sinks.keys.map { directory.path($0) }))
    #expect(sinks.values.count { $0.isFinished } == sinks.count)
    return (sinks.mapValues(\.bytes), infos, options)
  }

  @Test func `a set holds slides and tiles of both looks and photographs`() throws {
    let directory = try TemporaryDirectory()
    let (files, infos, options) = try written(
      SampleSet(slideSize: 700, seed: 4, hasSecondScanner: true), to: directory)
    let looks = ["deep-violet", "pale-pink"]
    let tiles = looks.flatMap { look in (1...3).map { "stained/\(look)/tile-\($0).png" } }
    let photos = (1...4).map { "photos/summer-\($0).jpg" }
    #expect(Set(files.keys) == Set(tiles + photos + ["slide.tif", "slide-second-scanner.tif"]))
    for (name, info) in infos {
      #expect(files[name]?.count == info.width * info.height * 3)
    }
    for name in tiles {
      #expect(infos[name]?.width == 512 && infos[name]?.height == 512)
      #expect(infos[name]?.micronsPerPixel?.x == 0.25)
      // Tissue, not glass: the mean of green is well below white.
      let bytes = try #require(files[name])
      let green = stride(from: 1, to: bytes.count, by: 3).reduce(0) { $0 + Int(bytes[$1]) }
      #expect(green / (512 * 512) < 205)
    }
    #expect(infos[photos[0]]?.width == 640 && infos[photos[0]]?.height == 480)
    #expect(options["slide.tif"]?.compression == .jpeg && options["slide.tif"]?.quality == 90)
    #expect(infos["slide.tif"]?.width == 700)
    #expect(directory.contents.contains("stained/pale-pink"))
  }

  @Test func `a seed gives the same files again and another seed others`() throws {
    let directory = try TemporaryDirectory()
    let first = try written(SampleSet(slideSize: 300, seed: 9), to: directory).files
    #expect(try written(SampleSet(slideSize: 300, seed: 9), to: directory).files == first)
    let other = try written(SampleSet(slideSize: 300, seed: 10), to: directory).files
    #expect(other.keys == first.keys)
    for (name, bytes) in other { #expect(bytes != first[name]) }
    #expect(first["slide-second-scanner.tif"] == nil)
  }

  @Test func `a folder that cannot be made is an error`() throws {
    let directory = try TemporaryDirectory()
    try Data("a file".utf8).write(to: directory.url.appending(path: "stained"))
    let error = #expect(throws: TesseraError.self) {
      try SampleSet(slideSize: 64).write(to: directory.url, pool: pool) { _, _, _ in
        CollectingSink()
      }
    }
    #expect(error?.action == "making the folder")
    #expect(error?.path == directory.path("stained/deep-violet"))
  }

  @Test func `an error of a sink ends the set`() throws {
    let directory = try TemporaryDirectory()
    #expect(throws: TesseraError("sink", "writing", "the disk is full")) {
      try SampleSet(slideSize: 64).write(to: directory.url, pool: pool) { path, _, _ in
        CollectingSink(failsAtRow: path.hasSuffix("tile-2.png") ? 3 : nil)
      }
    }
  }

  @Test func `a huge slide is mostly glass by default`() {
    #expect(SampleSet.defaultTissueShare(slideSize: 16384) == 0.4)
    #expect(abs(SampleSet.defaultTissueShare(slideSize: 100_000) - 0.016) < 1e-9)
    #expect(SampleSet(slideSize: 100_000, tissueShare: 0.3).tissueShare == 0.3)
  }
}

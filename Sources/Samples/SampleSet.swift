public import Base
public import Foundation
public import TileIO
import TesseraPlugin

/// The inputs that `tessera samples` writes: slides, stained tiles and pictures, from one seed.
public struct SampleSet: Sendable {
  /// Opens a sink for a file that is about to be written.
  public typealias SinkMaker = (String, ImageInfo, OutputOptions) throws(TesseraError) ->
    any ImageSink

  /// Side of the slides in px.
  public let slideSize: Int
  /// The seed of everything.
  public let seed: UInt64
  /// The part of the slides that is tissue, 0...1.
  public let tissueShare: Double
  /// Whether the section is also written as a second scanner sees it.
  public let hasSecondScanner: Bool

  /// Describes a set; without `tissueShare`, as much tissue as ``defaultTissueShare(slideSize:)``.
  public init(
    slideSize: Int = 16384, seed: UInt64 = 1, tissueShare: Double? = nil,
    hasSecondScanner: Bool = false
  ) {
    self.slideSize = slideSize
    self.seed = seed
    self.tissueShare = tissueShare ?? Self.defaultTissueShare(slideSize: slideSize)
    self.hasSecondScanner = hasSecondScanner
  }

  /// 0.4, but no more than 160 megapixels of tissue: a huge slide is mostly glass.
  public static func defaultTissueShare(slideSize: Int) -> Double {
    min(0.4, 160e6 / (Double(slideSize) * Double(slideSize)))
  }

  /// Writes `slide.tif`, optionally `slide-second-scanner.tif`, three tiles for each look in
  /// `stained/LOOK` and four pictures in `photos`, making folders where needed.
  ///
  /// Returns the paths in the order of writing. What was finished stays when a later file fails.
  @discardableResult
  public func write(
    to directory: URL, pool: WorkerPool, sinkFor makeSink: SinkMaker
  ) throws(TesseraError) -> [String] {
    var paths: [String] = []
    for sample in samples() {
      let url = directory.appending(path: sample.path)
      do {
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      } catch {
        throw TesseraError(
          url.deletingLastPathComponent().path, "making the folder", error.localizedDescription)
      }
      let source = sample.source()
      let sink = try makeSink(url.path, source.info, sample.options)
      try copy(from: source, to: sink, pool: pool)
      paths.append(url.path)
    }
    return paths
  }

  private struct Sample {
    let path: String
    let options: OutputOptions
    let source: () -> any ImageSource
  }

  private func samples() -> [Sample] {
    var samples: [Sample] = []
    let looks = [ScannerLook.deepViolet, .palePink]
    let places = tilePlaces()
    for look in looks {
      let slide = tileSlide(look)
      for (index, place) in places.enumerated() {
        samples.append(
          Sample(path: "stained/\(look.name)/tile-\(index + 1).png", options: OutputOptions()) {
            Crop(of: slide, region: place)
          })
      }
    }
    for index in 0..<4 {
      samples.append(
        Sample(path: "photos/summer-\(index + 1).jpg", options: OutputOptions(quality: 92)) {
          Landscape(width: 640, height: 480, seed: seed &* 4 &+ UInt64(index))
        })
    }
    let slides =
      [("slide.tif", looks[0])] + (hasSecondScanner ? [("slide-second-scanner.tif", looks[1])] : [])
    for (path, look) in slides {
      samples.append(
        Sample(path: path, options: OutputOptions(compression: .jpeg, quality: 90)) {
          SyntheticSlide(
            width: slideSize, height: slideSize, seed: seed, look: look, tissueShare: tissueShare)
        })
    }
    return samples
  }

  private func tileSlide(_ look: ScannerLook) -> SyntheticSlide {
    SyntheticSlide(width: 8192, height: 8192, seed: seed, look: look, tissueShare: 0.6)
  }

  /// Three places of 512 x 512 px that show tissue in all of their parts.
  private func tilePlaces() -> [PixelRegion] {
    let slide = tileSlide(.deepViolet)
    let noise = LatticeNoise(seed: UInt32(truncatingIfNeeded: seed))
    var places: [PixelRegion] = []
    var attempt = 0
    while places.count < 3, attempt < 1000 {
      var numbers = HashedNumbers(noise, x: attempt, y: 3)
      let place = PixelRegion(
        x: Int(numbers.next() * (8192 - 512)), y: Int(numbers.next() * (8192 - 512)), width: 512,
        height: 512)
      attempt += 1
      guard places.allSatisfy({ $0.intersection(place).isEmpty }) else { continue }
      let survey = slide.survey(place)
      // Nuclei as well as fibres, or the stains of a tile cannot be told apart.
      if survey.stained > 0.75, survey.hematoxylin > 0.26 {
        places.append(place)
      }
    }
    return places
  }
}

import ArgumentParser
import Base
import Terminal
import TileIO

/// `tessera inspect`.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Says what a file holds: size, levels, resolution, depth, colour; where a volume lies.",
    discussion: "Example: tessera inspect slide.svs --json")

  @Argument(
    help: ArgumentHelp("Images, volumes, folders of DICOM or TIFF slices.", valueName: "file"))
  var files: [String]

  @Flag(help: "Print one JSON object per file.")
  var json = false

  private struct Record: Encodable {
    struct Level: Encodable {
      var width, height: Int
      var downsample: Double
    }
    var file, format: String
    var width, height, channels: Int
    var alpha: Bool
    var color, depth: String
    var storedAs: String?
    var channelNames: [String]?
    var levels: [Level]
    var micronsPerPixelX, micronsPerPixelY, objectivePower: Double?
    var dotsPerInchX, dotsPerInchY: Double?
    var iccProfileBytes: Int
    var iccProfile: String?
    var orientation, pages: Int
    var lossy, randomAccess: Bool

    private enum CodingKeys: String, CodingKey {
      case file, format, width, height, channels, alpha, depth, storedAs, channelNames, levels
      case micronsPerPixelX, micronsPerPixelY, objectivePower, dotsPerInchX, dotsPerInchY
      case iccProfileBytes, iccProfile, orientation, pages, lossy, randomAccess
      case color = "colour"
    }
  }

  func run() throws {
    var failures = 0
    // A folder with slides in DICOM stands for them.
    let files = self.files.flatMap { file in
      let slides = DICOMSlideFile.slides(in: file).map(\.path)
      return slides.isEmpty ? [file] : slides
    }
    for file in files {
      #if Volumes
        if let isDescribed = VolumeDescription.print(file, asJSON: json) {
          failures += isDescribed ? 0 : 1
          continue
        }
      #endif
      do throws(TesseraError) {
        let source = try ImageFile.open(file)
        try ImageFile.check(source)
        let info = source.info
        json ? Console.json(record(file, info)) : describe(file, info)
      } catch {
        Console.complain(error.description)
        failures += 1
      }
    }
    guard failures == 0 else { throw files.count == 1 ? ExitCode.badData : ExitCode.someFailed }
  }

  private func record(_ file: String, _ info: ImageInfo) -> Record {
    Record(
      file: file, format: info.format, width: info.width, height: info.height,
      channels: info.channels, alpha: info.hasAlpha, color: info.color.rawValue,
      depth: info.sampleFormat.rawValue, storedAs: info.storedAs,
      channelNames: info.channelNames.isEmpty ? nil : info.channelNames,
      levels: info.levels.map {
        Record.Level(
          width: $0.width, height: $0.height, downsample: Double(info.width) / Double($0.width))
      },
      micronsPerPixelX: info.micronsPerPixel?.x, micronsPerPixelY: info.micronsPerPixel?.y,
      objectivePower: info.objectivePower, dotsPerInchX: info.printResolution.map { 25.4 * $0.x },
      dotsPerInchY: info.printResolution.map { 25.4 * $0.y },
      iccProfileBytes: info.storedProfile?.bytes ?? info.iccProfile?.count ?? 0,
      iccProfile: info.storedProfile?.name,
      orientation: info.orientation, pages: info.pages, lossy: info.isLossy,
      randomAccess: info.isRandomAccess)
  }

  private func describe(_ file: String, _ info: ImageInfo) {
    var lines = [
      file, "  format       \(info.format)\(info.storedAs.map { ", stored as \($0)" } ?? "")",
      "  size         \(info.width) x \(info.height) px",
      "  samples      \(info.channels) x \(info.sampleFormat.rawValue), \(info.color.rawValue)"
        + (info.hasAlpha ? " with alpha" : ""),
    ]
    if !info.channelNames.isEmpty {
      lines.append("  channels     \(info.channelNames.joined(separator: ", "))")
    }
    if info.levels.count > 1 {
      let sizes = info.levels.map { "\($0.width) x \($0.height)" }
      lines.append("  levels       \(sizes.joined(separator: ", "))")
    }
    if let mpp = info.micronsPerPixel {
      lines.append(
        "  resolution   \(mpp.x.decimal(4)) x \(mpp.y.decimal(4)) µm/px")
    }
    if let print = info.printResolution {
      lines.append(
        "  resolution   \((25.4 * print.x).decimal(1)) x "
          + "\((25.4 * print.y).decimal(1)) dpi, of no microscope")
    }
    if let power = info.objectivePower {
      lines.append(
        "  objective    \(power.decimal(power == power.rounded() ? 0 : 1))x")
    }
    if let profile = info.storedProfile {
      lines.append(
        "  ICC profile  \(profile.name), \(profile.bytes) bytes; pixels are brought to sRGB")
    } else if let profile = info.iccProfile {
      lines.append("  ICC profile  \(profile.count) bytes")
    }
    if info.orientation != 1 { lines.append("  orientation  \(info.orientation), applied") }
    if info.pages > 1 {
      let axes = info.pageAxes.map { ": \($0.z) in depth, \($0.t) in time" } ?? ""
      lines.append("  pages        \(info.pages)\(axes)")
    }
    lines.append(
      "  access       \(info.isRandomAccess ? "any window" : "one pass, top to bottom")"
        + (info.isLossy ? ", lossy" : ", lossless"))
    Console.result(lines.joined(separator: "\n"))
  }
}

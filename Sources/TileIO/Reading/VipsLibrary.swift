import Base
internal import CVips
import Foundation
import Synchronization

/// The one start of libvips in this process.
enum VipsLibrary {
  /// Loaders for hostile or odd files that stay closed; everything else that libvips marks as
  /// untrusted but that a laboratory really has is opened again.
  private static let trusted = [
    "VipsForeignLoadOpenslide", "VipsForeignLoadJp2k", "VipsForeignLoadJxl", "VipsForeignLoadPpm",
    "VipsForeignLoadOpenexr", "VipsForeignLoadRad", "VipsForeignLoadVips",
  ]

  private static let outcome: String? = {
    guard cvips_start("tessera") == 0 else { return takeError() }
    cvips_silence()
    // The operation cache would hand out one decoder to all who open a file.
    vips_cache_set_max(0)
    vips_concurrency_set(Int32(WorkerPool.availableProcessors))
    vips_block_untrusted_set(1)
    for name in trusted { vips_operation_block_set(name, 0) }
    return nil
  }()

  /// Whether a loader is open to files from anywhere.
  static func isAllowed(_ loader: String) -> Bool {
    !["Magick", "Pdf", "Svg", "Mat", "Csv", "Matrix", "Nifti", "Fits", "Analyze", "Raw"].contains {
      loader.hasPrefix("VipsForeignLoad\($0)")
    }
  }

  /// Starts libvips if nobody has; `path` is the file that needs it.
  static func start(for path: String) throws(TesseraError) {
    if let outcome { throw TesseraError(path, "starting libvips", outcome) }
  }

  /// What libvips said last, as one line with advice, and forgets it.
  ///
  /// The library has a single buffer: with several threads a message may name the other's file.
  static func takeError() -> String {
    let text = String(cString: vips_error_buffer())
    vips_error_clear()
    var lines: [Substring] = []
    for line in text.split(whereSeparator: \.isNewline) where !lines.contains(line) {
      lines.append(line)
    }
    let advice = "the file is damaged or of an unsupported kind"
    return lines.isEmpty ? advice : "\(lines.joined(separator: "; ")); \(advice)"
  }
}

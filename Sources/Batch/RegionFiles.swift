import Base
import Foundation
import Translation

/// Where each image of a batch is translated.
public struct RegionFiles: Sendable {
  private let path: String
  private let isDirectory: Bool

  /// Takes a GeoJSON file for a single image, or a directory with one for each; throws where the path
  /// is neither.
  public init(_ path: String, _ plan: BatchPlan) throws(UsageError) {
    self.path = path
    isDirectory = OutputFile.isDirectory(path)
    guard isDirectory || plan.items.count == 1 else {
      throw UsageError(
        "--region \(path): one file of regions for \(plan.items.count) images; give a directory with a"
          + " NAME.geojson for each")
    }
  }

  /// The file of an image.
  func file(of item: BatchItem) -> String {
    guard isDirectory else { return path }
    let name = URL(filePath: item.input).deletingPathExtension().lastPathComponent
    return [path, item.folder, "\(name).geojson"].filter { !$0.isEmpty }.joined(separator: "/")
  }

  /// Tells the file of one image from what it was earlier, for the record of its output.
  func identity(of item: BatchItem) -> String {
    guard let found = FileIdentity(file(of: item)) else { return " region=\(UUID().uuidString)" }
    return " region=\(found.bytes),\(found.modified),\(found.inode)"
  }

  /// The regions of an image.
  func regions(of item: BatchItem) throws(TesseraError) -> PolygonRegions {
    try GeoJSONFile.polygons(in: file(of: item))
  }
}

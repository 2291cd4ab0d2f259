import Base

#if Volumes
  import Foundation
  import Metrics
  import TileIO
  import Volumes

  /// Two volumes on one grid, and the voxels that count; turned so that their slices are axial.
  struct VolumePair {
    private let result: Volume
    private let target: Volume
    private let mask: Volume?

    /// How far the grids may lie apart, in mm.
    private static let tolerance = 1e-3

    /// Reads the volumes.
    ///
    /// - Throws: Where one cannot be read, or they lie on different grids.
    init(_ result: String, against target: String, mask: String?) throws {
      self.result = try Self.read(result)
      self.target = try Self.read(target)
      self.mask = try mask.map(Self.read)
      try Self.check(self.result, self.target, "comparing with \(target)")
      if let mask = self.mask { try Self.check(mask, self.target, "as the mask of \(result)") }
    }

    private static func read(_ path: String) throws -> Volume {
      guard FileManager.default.fileExists(atPath: path) else {
        throw TesseraError(path, "opening", "there is no such file")
      }
      guard VolumeFormat.isVolume(path) else {
        throw TesseraError(
          path, "comparing", "this is a picture, the other a volume; give two of a kind")
      }
      return try VolumeFile.open(path).read().oriented(as: "LPS")
    }

    private static func check(_ volume: Volume, _ other: Volume, _ action: String) throws {
      guard !volume.geometry.matches(other.geometry, tolerance: tolerance) else { return }
      throw TesseraError(
        volume.name, action,
        "its grid is \(describe(volume.geometry)), that of the other"
          + " \(describe(other.geometry)); resample one onto the other's")
    }

    private static func describe(_ geometry: VolumeGeometry) -> String {
      func list(_ numbers: [Double], _ separator: String) -> String {
        numbers.map { $0.decimal(3) }.joined(separator: separator)
      }
      let (size, spacing, origin) = (geometry.size, geometry.spacing, geometry.origin)
      let angle =
        geometry.obliquity > 0.01
        ? ", oblique by \(geometry.obliquity.decimal(2))°" : ""
      return "\(size.x) x \(size.y) x \(size.z) of"
        + " \(list([spacing.x, spacing.y, spacing.z], " x ")) mm from"
        + " (\(list([origin.x, origin.y, origin.z], ", ")))\(angle)"
    }

    /// The figures that volumes have.
    func measure(_ evaluation: VolumeEvaluation, pool: WorkerPool) throws -> PairedFigures {
      do throws(TesseraError) {
        return try evaluation.measure(
          FloatVolume(result), against: FloatVolume(target), mask: mask.map { FloatVolume($0) },
          pool: pool)
      } catch {
        throw error.naming(result.name, "comparing with \(target.name)")
      }
    }
  }

  extension FloatVolume {
    /// The samples of a volume.
    init(_ volume: Volume) {
      let size = volume.geometry.size
      self.init(width: size.x, height: size.y, depth: size.z, values: volume.samples)
    }
  }
#endif

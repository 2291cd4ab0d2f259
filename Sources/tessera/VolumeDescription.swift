import Base

#if Volumes
  import Terminal
  import Volumes

  /// What `tessera inspect` says of a volume.
  enum VolumeDescription {
    private struct Record: Encodable {
      var file, format: String
      var width, height, slices: Int
      var spacing, origin: [Double]
      var axes: [[Double]]
      var orientation: String
      var obliquity: Double
      var depth: String
      var modality: String?
      var range: [Float]
      var files: Int
      var remarks: [String]
    }

    /// Describes `path`, and tells whether that was possible; nil where it is no volume.
    static func print(_ path: String, asJSON: Bool) -> Bool? {
      guard VolumeFormat(contentsOf: path) != nil else { return nil }
      do throws(TesseraError) {
        let file = try VolumeFile.open(path)
        let samples = try file.read().samples
        let numbers = samples.lazy.filter(\.isFinite)
        let range = [numbers.min() ?? 0, numbers.max() ?? 0]
        let gaps = samples.count { !$0.isFinite }
        let remarks = file.remarks + (gaps > 0 ? ["\(gaps) samples are NaN or infinite"] : [])
        asJSON ? Console.json(record(file, range, remarks)) : describe(file, range, remarks)
        return true
      } catch {
        Console.complain(error.description)
        return false
      }
    }

    private static func record(_ file: VolumeFile, _ range: [Float], _ remarks: [String]) -> Record
    {
      let geometry = file.geometry
      return Record(
        file: file.path, format: file.format.rawValue, width: geometry.size.x,
        height: geometry.size.y, slices: geometry.size.z, spacing: numbers(geometry.spacing),
        origin: numbers(geometry.origin), axes: geometry.axes.map(numbers),
        orientation: geometry.orientation, obliquity: geometry.obliquity,
        depth: file.storedAs.rawValue, modality: file.modality, range: range,
        files: file.files.count, remarks: remarks)
    }

    private static func describe(_ file: VolumeFile, _ range: [Float], _ remarks: [String]) {
      let geometry = file.geometry
      func list(_ vector: SIMD3<Double>, _ digits: Int, _ separator: String = ", ") -> String {
        numbers(vector).map { $0.decimal(digits) }.joined(separator: separator)
      }
      let of = file.files.count > 1 ? ", \(file.files.count) files" : ""
      var lines = [
        file.path,
        "  format       \(file.format.rawValue)\(file.modality.map { ", \($0)" } ?? "")\(of)",
        "  size         \(geometry.size.x) x \(geometry.size.y) x \(geometry.size.z)",
        "  samples      \(file.storedAs.rawValue), \(range[0]) to \(range[1])",
        "  spacing      \(list(geometry.spacing, 4, " x ")) mm",
        "  origin       \(list(geometry.origin, 3)) mm (LPS)",
        "  orientation  \(geometry.orientation)"
          + (geometry.obliquity > 0.01
            ? ", oblique by \(geometry.obliquity.decimal(2))°" : ""),
      ]
      lines += remarks.map { "  note         \($0)" }
      Console.result(lines.joined(separator: "\n"))
    }

    private static func numbers(_ vector: SIMD3<Double>) -> [Double] {
      [vector.x, vector.y, vector.z]
    }
  }
#endif

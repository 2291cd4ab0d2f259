import Base
import Foundation

/// Polygons in a GeoJSON file, as QuPath exports annotations: coordinates in px of level 0.
public enum GeoJSONFile {
  /// Reads the polygons of a file; throws where it holds none, or is no GeoJSON.
  public static func polygons(in path: String) throws(TesseraError) -> PolygonRegions {
    let action = "reading regions"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TesseraError(
        path, action,
        FileManager.default.fileExists(atPath: path)
          ? "it cannot be read" : "there is no such file")
    }
    if data.starts(with: [0x1F, 0x8B]) {
      throw TesseraError(path, action, "it is compressed; unpack it with gunzip first")
    }
    let objects: [Object]
    do {
      objects = try [JSONDecoder().decode(Object.self, from: data)]
    } catch {
      // QuPath also writes bare lists of features.
      guard let list = try? JSONDecoder().decode([Object].self, from: data) else {
        throw TesseraError(
          path, action,
          "it is no valid GeoJSON; in QuPath: File > Export objects as GeoJSON, of annotations")
      }
      objects = list
    }
    var polygons: [PolygonRegions.Polygon] = []
    for object in objects {
      guard let found = object.polygons else {
        throw TesseraError(
          path, action,
          "a polygon has fewer than three corners, or coordinates that are no numbers; export it again"
        )
      }
      polygons += found
    }
    guard !polygons.isEmpty else {
      throw TesseraError(
        path, action,
        "it has no polygon; points and lines have no inside, draw an area and export that")
    }
    return PolygonRegions(polygons)
  }

  /// Any of the objects that GeoJSON knows (RFC 7946), as far as areas go.
  private final class Object: Decodable {
    let type: String
    let features: [Object]?
    let geometry: Object?
    let geometries: [Object]?
    let coordinates: Coordinates?

    /// Its polygons, and those of what it holds; nil where one is none.
    var polygons: [PolygonRegions.Polygon]? {
      switch type {
      case "FeatureCollection": Self.all(features ?? [])
      case "Feature": Self.all([geometry].compactMap(\.self))
      case "GeometryCollection": Self.all(geometries ?? [])
      case "Polygon": coordinates.flatMap(Self.polygon).map { [$0] }
      case "MultiPolygon": coordinates.flatMap { Self.each($0) }
      default: []
      }
    }

    private static func all(_ objects: [Object]) -> [PolygonRegions.Polygon]? {
      var polygons: [PolygonRegions.Polygon] = []
      for object in objects {
        guard let found = object.polygons else { return nil }
        polygons += found
      }
      return polygons
    }

    private static func each(_ coordinates: Coordinates) -> [PolygonRegions.Polygon]? {
      guard case .list(let list) = coordinates else { return nil }
      let polygons = list.compactMap(polygon)
      return polygons.count == list.count ? polygons : nil
    }

    private static func polygon(_ coordinates: Coordinates) -> PolygonRegions.Polygon? {
      guard case .list(let rings) = coordinates, !rings.isEmpty else { return nil }
      var found: [[SIMD2<Double>]] = []
      for ring in rings {
        guard case .list(let corners) = ring else { return nil }
        let places = corners.compactMap(\.place)
        guard places.count == corners.count, places.count >= 3 else { return nil }
        found.append(places)
      }
      return PolygonRegions.Polygon(found)
    }
  }

  /// Numbers in lists of any depth.
  private enum Coordinates: Decodable {
    case number(Double)
    case list([Coordinates])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .list(try container.decode([Coordinates].self))
      }
    }

    /// A corner: x, y, and perhaps a height.
    var place: SIMD2<Double>? {
      guard case .list(let numbers) = self, numbers.count >= 2, case .number(let x) = numbers[0],
        case .number(let y) = numbers[1], x.isFinite, y.isFinite
      else { return nil }
      return SIMD2(x, y)
    }
  }
}

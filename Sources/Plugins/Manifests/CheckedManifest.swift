import Base
import Foundation
public import Translation

/// A manifest that knows what may be wrong with it.
protocol CheckedManifest: Decodable {
  /// Says what is wrong, or nothing.
  var fault: String? { get }
}

extension ModelManifest: CheckedManifest {}

/// Reads manifests, with messages for whoever writes them.
enum ManifestReader {
  /// More than any manifest needs.
  private static let largest = 4 << 20

  /// Reads `name` in `folder`.
  static func read<Manifest: CheckedManifest>(
    _ type: Manifest.Type, _ name: String, in folder: URL
  ) throws(TesseraError) -> Manifest {
    let (path, action) = (folder.path, PluginFolder.action)
    let node = try node(name, in: folder)
    let manifest: Manifest
    do throws(JSONFault) {
      manifest = try StrictDecoder.decode(type, from: node)
    } catch {
      throw TesseraError(path, action, "\(name): \(error)")
    }
    if let fault = manifest.fault {
      throw TesseraError(path, action, quoting: "\(name): \(fault)")
    }
    return manifest
  }

  /// Whether `name` in `folder` has a field.
  static func has(_ field: String, _ name: String, in folder: URL) throws(TesseraError) -> Bool {
    guard case .object(let fields) = try node(name, in: folder) else { return false }
    return fields[field] != nil
  }

  private static func node(_ name: String, in folder: URL) throws(TesseraError) -> JSONNode {
    let (path, action) = (folder.path, PluginFolder.action)
    let file = folder.appending(path: name)
    let size = (try? file.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
    guard size <= largest else {
      throw TesseraError(path, action, "\(name) has \(size) bytes, which is no manifest")
    }
    guard let data = try? Data(contentsOf: file) else {
      throw TesseraError(path, action, "\(name) cannot be read; check its permissions")
    }
    do throws(JSONFault) {
      return try JSONText.parse(data)
    } catch {
      throw TesseraError(path, action, "\(name): \(error)")
    }
  }
}

import Base
import Foundation

/// The resources of a Swift plugin: bundles that lie beside its library wherever that is.
///
/// The package manager writes a `Bundle.module` that looks beside the program and in the author's
/// build folder. The compiler is given another file in the place of that one.
struct PluginResources {
  private static let accessorName = "resource_bundle_accessor.swift"
  private static let suffixes = ["resources", "bundle"]

  private let plugin: URL
  private let products: URL
  private let folder: URL

  /// Takes the plugin's package and its folder of products.
  init(_ plugin: URL, products: URL) {
    self.plugin = plugin
    self.products = products
    folder = plugin.appending(path: ".sdk/resources", directoryHint: .isDirectory)
  }

  private var overlay: URL { folder.appending(path: "overlay.json") }

  /// What the package manager is given besides, once bundles were found.
  var arguments: [String] {
    FileManager.default.fileExists(atPath: overlay.path)
      ? ["-Xswiftc", "-vfsoverlay", "-Xswiftc", overlay.path] : []
  }

  /// Finds bundles among what was built, and writes what the compiler reads for them; whether there
  /// are others than before, so that the plugin has to be built again.
  func findBundles() throws(TesseraError) -> Bool {
    let found = try accessors()
    guard !found.isEmpty else { return false }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      var roots: [Overlay.Root] = []
      for (directory, bundle) in found {
        let file = folder.appending(path: "\(bundle).swift")
        try Data(Self.accessor(bundle).utf8).write(to: file)
        roots.append(
          Overlay.Root(
            name: directory,
            contents: [Overlay.File(name: Self.accessorName, externalContents: file.path)]))
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let data = try encoder.encode(Overlay(roots: roots))
      guard (try? Data(contentsOf: overlay)) != data else { return false }
      try data.write(to: overlay)
      return true
    } catch {
      throw TesseraError(
        folder.path, PluginBuild.action,
        "it cannot be written; check that there is room and the folder is writable")
    }
  }

  /// The bundles, by name, with their files by path.
  func files() throws(TesseraError) -> [String: Data] {
    var files: [String: Data] = [:]
    for (_, bundle) in try accessors() {
      let url = products.appending(path: bundle)
      do {
        for path in try FileManager.default.subpathsOfDirectory(atPath: url.path) {
          let file = url.appending(path: path)
          guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
          else { continue }
          files["\(bundle)/\(path)"] = try Data(contentsOf: file)
        }
      } catch {
        throw TesseraError(url.path, PluginBuild.action, "its resources cannot be read: \(error)")
      }
    }
    return files
  }

  /// The folders of the accessors that the package manager wrote, and the bundles they open.
  private func accessors() throws(TesseraError) -> [(directory: String, bundle: String)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: products.path)) ?? []
    var found: [(directory: String, bundle: String)] = []
    for name in names.sorted() where name.hasSuffix(".build") {
      let directory = products.appending(path: "\(name)/DerivedSources").path
      guard
        let text = try? String(contentsOfFile: "\(directory)/\(Self.accessorName)", encoding: .utf8)
      else { continue }
      guard let bundle = text.firstMatch(of: /appendingPathComponent\("([^"\/\\]+)"\)/)?.output.1,
        Self.suffixes.contains(where: { bundle.hasSuffix(".\($0)") })
      else {
        throw TesseraError(
          plugin.path, PluginBuild.action,
          "its resources cannot be taken along with this version of Swift; write '.embedInCode(…)' for"
            + " '.copy(…)' or '.process(…)' in Package.swift")
      }
      found.append((directory, String(bundle)))
    }
    return found
  }

  /// A `Bundle.module` for what lies beside the library.
  private static func accessor(_ bundle: String) -> String {
    """
    import Foundation

    extension Foundation.Bundle {
      static let module: Bundle = {
        typealias Query = @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer) -> Int32
        #if canImport(Darwin)
          let everywhere = UnsafeMutableRawPointer(bitPattern: -2)
        #else
          let everywhere: UnsafeMutableRawPointer? = nil
        #endif
        // A Dl_info, which begins with the path of the library.
        var info: [UnsafePointer<CChar>?] = [nil, nil, nil, nil]
        if let query = dlsym(everywhere, "dladdr") {
          _ = unsafeBitCast(query, to: Query.self)(#dsohandle, &info)
        }
        let folder = info[0].map { URL(filePath: String(cString: $0)).deletingLastPathComponent() }
        let path = (folder ?? Bundle.main.bundleURL).appending(path: "\(bundle)").path
        guard let bundle = Bundle(path: path) else {
          Swift.fatalError("the plugin's resources are gone: \\(path)")
        }
        return bundle
      }()
    }

    """
  }

  /// What the compiler reads in the place of other files.
  private struct Overlay: Encodable {
    struct File: Encodable {
      let name: String
      var type = "file"
      let externalContents: String
      enum CodingKeys: String, CodingKey {
        case name, type
        case externalContents = "external-contents"
      }
    }
    struct Root: Encodable {
      let name: String
      var type = "directory"
      let contents: [File]
    }
    var version = 0
    let roots: [Root]
  }
}

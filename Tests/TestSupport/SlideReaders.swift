public import Foundation

/// The programs that people open slides with: tifffile, OpenSlide 4, large_image, libvips 8.18 and
/// Bio-Formats, all asked by one script.
public struct SlideReaders: Sendable {
  /// What a reader shows of a file.
  public struct Shown: Decodable, Sendable {
    /// Widths and heights, level 0 first.
    public let levels: [[Int]]?
    /// µm a pixel.
    public let mpp: Double?
    /// Power of the objective.
    public let power: Double?
    /// What the channels are called.
    public let names: [String]?
    /// The largest difference of samples from tifffile's at each level; of tifffile, that of level 0 from
    /// what was written.
    public let differences: [Double]?
    /// The kind of file that the reader takes it for.
    public let format: String?
    /// Why nothing opens.
    public let error: String?
  }

  private struct Answer: Decodable {
    let file: String
    let readers: [String: Shown]
  }

  private let python: ExternalTool
  private let jar: String

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Oracles/readers").standardizedFileURL

  /// The readers, where all of them are installed.
  public static let installed: SlideReaders? = {
    guard let path = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"],
      let python = ExternalTool(path), ExternalTool("java") != nil, ExternalTool("javac") != nil
    else { return nil }
    let jar = URL(filePath: path).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "bioformats_package.jar").path
    let modules = "import large_image, openslide, pyvips, tifffile"
    guard FileManager.default.fileExists(atPath: jar),
      (try? python.run(["-c", modules]))?.status == 0
    else { return nil }
    return SlideReaders(python: python, jar: jar)
  }()

  /// What each reader shows of each file, by the file's name and the reader's.
  ///
  /// Where `path` with `.raw` behind it is a file, it holds the samples that were written.
  public func look(at paths: [String]) throws -> [String: [String: Shown]] {
    let script = Self.folder.appending(path: "readers.py").path
    let result = try python.run([script, jar] + paths)
    guard result.status == 0 else { throw ToolFailure(result.errors) }
    let answers = try result.output.split(separator: "\n").map {
      try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
    }
    return Dictionary(answers.map { ($0.file, $0.readers) }) { first, _ in first }
  }
}

import Base
import Foundation
import TileIO
import Translation

/// Which images are translated and what the outputs are called, settled before anything is read.
public struct BatchPlan: Sendable {
  /// The images, in the order of their names.
  public let items: [BatchItem]
  /// The directory of the outputs; nil when a single output file was named.
  public let directory: String?

  /// Plans `inputs`, files and directories, into `output`.
  ///
  /// A single file goes to `output`, or into it where that is a directory. A directory is mirrored
  /// into `output`. Throws where inputs are missing, outputs would meet inputs, or there is nothing
  /// to do.
  ///
  /// A directory with the slices of a DICOM series is one input, and with `takesStacks` one with gray
  /// TIFFs as well; so is one with nothing but a whole slide in DICOM where `output` names a picture. No output takes the place of an input, nor of a file of `others`, files and folders
  /// that are read beside them. What is measured is kept in `calibrations`: a file for a single output,
  /// else a directory.
  public init(
    inputs: [String], output: String, isRecursive: Bool, takesStacks: Bool = false,
    others: [String] = [], calibrations: String? = nil, calibrationEnding: String = "safetensors"
  ) throws(UsageError) {
    let isTree = { BatchPlan.isTree($0, takesStacks: takesStacks) }
    for input in inputs where !BatchPlan.exists(input) {
      throw UsageError("\(input): opening: there is no such file or directory")
    }
    var inputs = Self.withoutOtherLevels(inputs)
    if inputs.count == 1 { inputs = [try Self.slide(of: inputs[0], for: output)] }
    let target = URL(filePath: output)
    if inputs.count == 1, !isTree(inputs[0]), !isTree(output),
      !output.hasSuffix("/")
    {
      var item = BatchItem(input: inputs[0], output: output)
      item.calibration = calibrations
      items = [item]
      directory = nil
      try refuseMeeting(with: others)
      return
    }
    if BatchPlan.exists(output), !BatchPlan.isDirectory(output) {
      throw UsageError(
        "\(output): planning outputs: this is a file; several inputs need a directory as --output")
    }
    var naming = OutputNaming()
    let directories = inputs.filter(isTree)
    for input in inputs {
      guard isTree(input) else {
        naming.add(
          input: input, relative: URL(filePath: input).standardizedFileURL.lastPathComponent,
          isFolder: BatchPlan.isDirectory(input))
        continue
      }
      guard BatchPlan.resolved(input) != BatchPlan.resolved(output) else {
        throw UsageError(
          "\(output): planning outputs: input and output are the same directory; name another")
      }
      let prefix = directories.count > 1 ? "\(URL(filePath: input).lastPathComponent)/" : ""
      let scan = InputScan(
        isRecursive: isRecursive, excluded: target, takesVolumes: true,
        takesStacks: takesStacks)
      for relative in try scan.images(in: input) {
        let path = URL(filePath: input, directoryHint: .isDirectory).appending(path: relative)
          .relativePath
        naming.add(
          input: path, relative: prefix + relative, isFolder: BatchPlan.isDirectory(path))
      }
    }
    let named = naming.items(in: target.relativePath)
    items =
      calibrations.map {
        Self.keeping(named, of: target.relativePath, in: $0, ending: calibrationEnding)
      } ?? named
    directory = target.relativePath
    guard !items.isEmpty else {
      let hint =
        isRecursive ? "check the path" : "use --recursive to look into its subdirectories too"
      throw UsageError("\(inputs[0]): planning inputs: no images found; \(hint)")
    }
    try refuseMeeting(with: others)
  }

  /// The images among `inputs` and in the directories among them, sorted within each directory; nothing
  /// is written for them.
  public static func images(
    of inputs: [String], isRecursive: Bool
  ) throws(UsageError) -> [BatchItem] {
    var items: [BatchItem] = []
    let inputs = withoutOtherLevels(inputs)
    let hasSeveral = inputs.count(where: isDirectory) > 1
    for input in inputs {
      guard exists(input) else {
        throw UsageError("\(input): opening: there is no such file or directory")
      }
      guard isDirectory(input) else {
        items.append(BatchItem(input: input, output: input))
        continue
      }
      let directory = URL(filePath: input, directoryHint: .isDirectory)
      let prefix = hasSeveral ? "\(directory.lastPathComponent)/" : ""
      let scan = InputScan(isRecursive: isRecursive, excluded: nil)
      items += try scan.images(in: input).map {
        let path = directory.appending(path: $0).relativePath
        var item = BatchItem(input: path, output: path)
        item.folder = ((prefix + $0) as NSString).deletingLastPathComponent
        return item
      }
    }
    guard !items.isEmpty else {
      throw UsageError("\(inputs[0]): planning inputs: no images found; check the path")
    }
    return items
  }

  /// The items of `root` with a file for what is measured on each, under the path of its output; with the
  /// ending of the output where two have the same name without.
  private static func keeping(
    _ items: [BatchItem], of root: String, in calibrations: String, ending: String
  ) -> [BatchItem] {
    func stem(_ item: BatchItem) -> String { (item.output as NSString).deletingPathExtension }
    let uses = items.reduce(into: [:]) { $0[stem($1), default: 0] += 1 }
    return items.map { item in
      let name = uses[stem(item)] == 1 ? stem(item) : item.output
      var item = item
      item.calibration =
        "\(calibrations)/\(name.dropFirst(root.count + 1)).calibration.\(ending)"
      return item
    }
  }

  /// Throws where a file to write would take the place of one that is read, an input or one of `others`,
  /// or of another that is written.
  private func refuseMeeting(with others: [String]) throws(UsageError) {
    let read = items.map(\.input) + others.flatMap(Self.files)
    let taken = Set(read.map { BatchPlan.resolved($0) })
    // By number as well: a hard link, or a name in other letters where these are the same.
    let numbers = Set(read.compactMap { BatchPlan.number($0) })
    let (outputs, calibrations) = (items.map(\.output), items.compactMap(\.calibration))
    for path in outputs + calibrations
    where taken.contains(BatchPlan.resolved(path))
      || BatchPlan.number(path).map(numbers.contains) == true
    {
      throw UsageError(
        "\(path): planning outputs: it would overwrite an input; choose another place")
    }
    let written = Set(calibrations.isEmpty ? [] : outputs.map { BatchPlan.resolved($0) })
    if let path = calibrations.first(where: { written.contains(BatchPlan.resolved($0)) }) {
      throw UsageError(
        "\(path): planning outputs: an output has this name, too; choose another"
          + " --save-calibration")
    }
  }

  /// The inputs without further files of a slide in DICOM, of which one opens all.
  private static func withoutOtherLevels(_ inputs: [String]) -> [String] {
    let files = inputs.compactMap { DICOMSlideFile($0) }
    let kept = DICOMSlideFile.slides(among: files)
    let series = Set(kept.compactMap(\.series))
    let others = Set(
      files.filter { $0.series.map(series.contains) == true && !kept.contains($0) }.map(\.path))
    return inputs.filter { !others.contains($0) }
  }

  /// The file to open of a folder with nothing but one slide in DICOM, of which `output` is to be a picture;
  /// other inputs as they are.
  private static func slide(of input: String, for output: String) throws(UsageError) -> String {
    guard isDirectory(input), !isDirectory(output), !output.hasSuffix("/"),
      ImageOutput.canWrite(path: output), !DICOMSlideFile.slides(in: input).isEmpty
    else { return input }
    let images = try InputScan(isRecursive: true, takesVolumes: true).images(in: input)
    guard images.count == 1 else { return input }
    return URL(filePath: input, directoryHint: .isDirectory).appending(path: images[0])
      .relativePath
  }

  private static func files(_ path: String) -> [String] {
    isDirectory(path) ? (try? FileTree(path))?.files.map(\.path) ?? [] : [path]
  }

  /// What the system knows a file by, links followed.
  private static func number(_ path: String) -> [UInt64]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  private static func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }

  /// A directory to be looked through: one with the slices of a volume is an input itself.
  private static func isTree(_ path: String, takesStacks: Bool) -> Bool {
    #if Volumes
      isDirectory(path) && !VolumeInput.isVolume(path, takesStacks: takesStacks)
    #else
      isDirectory(path)
    #endif
  }

  private static func resolved(_ path: String) -> String {
    URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }
}

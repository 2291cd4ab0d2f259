import Base
import Foundation

/// The parameters of a network as a file holds them.
///
/// Names keep the order of the file, and lose a prefix that all of them have because the network
/// was wrapped for training (`module.`, `_orig_mod.`).
public struct Checkpoint: Sendable {
  /// Kinds of files, told apart by their content.
  public enum Format: String, Sendable, Hashable, CaseIterable {
    /// `torch.save` since 1.6, a ZIP archive.
    case zip
    /// `torch.save` of 0.1.10 to 1.5, a stream of pickles.
    case stream
    /// The safetensors format.
    case safetensors
  }

  /// The file, as the user named it.
  public let path: String
  /// Kind of the file.
  public let format: Format
  /// Keys that lead to the dictionary that was read, with slashes between; empty at the top.
  public let entry: String
  /// The parameters.
  public let tensors: CheckpointTensors
  /// Text in a safetensors file; other kinds have none.
  public let metadata: [String: String]

  /// Names in order.
  public var names: [String] { tensors.names }

  /// The parameter of this name.
  public subscript(name: String) -> CheckpointTensor? { tensors[name] }

  /// Reads a file.
  ///
  /// The file is mapped where possible, and tensors stay parts of it: it must not be changed in
  /// place as long as they are in use. Nothing in it is executed.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - entry: Which dictionary to read where there are several: its keys with slashes between
  ///     them, or the last of them; empty for the top. Without it the only one is taken, or one
  ///     with a name that training programs use, such as `state_dict`, `params_ema` or `netG`.
  /// - Returns: The parameters.
  /// - Throws: An error that says why the file is refused; it names the parameter or the function
  ///   that is the cause, or the dictionaries to choose from.
  public static func read(
    _ path: String, entry: String? = nil
  ) throws(TesseraError) -> Checkpoint {
    try Checkpoint(data: FileContent.read(path, action: action), name: path, entry: entry)
  }

  /// Reads the bytes of a file; `name` is for messages.
  public init(data: Data, name: String, entry: String? = nil) throws(TesseraError) {
    path = name
    do throws(FormatError) {
      let format = try Self.format(data)
      self.format = format
      if format == .safetensors {
        let file = try SafetensorsFile(parsing: data)
        guard entry == nil else {
          throw FormatError("it has no entries to choose from: it is a safetensors file")
        }
        (self.entry, metadata) = ("", file.metadata)
        tensors = Self.unwrapped(file.tensors.map { ($0.name, $0.tensor) })
      } else {
        let objects = try TorchObjects(data, format)
        let dictionary = try StateDictionary(in: objects, entry: entry)
        (self.entry, metadata) = (dictionary.title, [:])
        tensors = Self.unwrapped(try objects.tensors(dictionary.entries, from: data.count))
      }
    } catch {
      throw TesseraError(name, Self.action, quoting: error.reason)
    }
  }

  static let action = "reading the checkpoint"

  private static func format(_ data: Data) throws(FormatError) -> Format {
    let start = [UInt8](data.prefix(16))
    if start.starts(with: [0x50, 0x4B, 3, 4]) { return .zip }
    if TorchObjects.beginsStream(data) { return .stream }
    if start.count > 8, start[8] == UInt8(ascii: "{") { return .safetensors }
    throw FormatError(stranger(data, start))
  }

  // Files that are taken for checkpoints, and what they really are.
  private static func stranger(_ data: Data, _ start: [UInt8]) -> String {
    let text = String(decoding: data.prefix(64), as: UTF8.self).lowercased()
    if data.isEmpty { return "it is empty: copy or download it again" }
    if text.hasPrefix("version https://git-lfs") {
      return "it is a pointer of Git LFS, not the file itself: run git lfs pull"
    }
    if text.contains("<html") || text.contains("<!doctype") {
      return "it is a web page, not the file itself: download it again"
    }
    if data.dropFirst(257).prefix(5).elementsEqual("ustar".utf8) {
      return "it is a TAR archive: unpack it, or, if PyTorch before 0.1.10 wrote it, load it with"
        + " PyTorch and save it again"
    }
    if start.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      return "it is an HDF5 file of another framework; convert it to safetensors"
    }
    if start.count > 1, start[0] == 0x80, (2...5).contains(start[1]) {
      return "it is a pickle, but not one of torch.save; load it with the program that made it and"
        + " write it with torch.save"
    }
    return "it is neither a file of torch.save nor safetensors"
  }

  private static func unwrapped(_ tensors: [CheckpointTensors.Element]) -> CheckpointTensors {
    var start = 0
    let names = tensors.map { Array($0.name.utf8) }
    while let prefix = ["module.", "_orig_mod."].first(where: { prefix in
      !names.isEmpty
        && names.allSatisfy {
          $0.count > start + prefix.utf8.count && $0[start...].starts(with: prefix.utf8)
        }
    }) {
      start += prefix.utf8.count
    }
    guard start > 0 else { return CheckpointTensors(tensors) }
    return CheckpointTensors(
      tensors.map { (String($0.name.unicodeScalars.dropFirst(start)), $0.tensor) })
  }
}

extension TorchObjects {
  fileprivate init(_ data: Data, _ format: Checkpoint.Format) throws(FormatError) {
    switch format {
    case .zip: try self.init(zip: data)
    case .stream: try self.init(stream: data)
    case .safetensors: throw FormatError("it is no file of torch.save")
    }
  }

  /// Lays out tensors from a file of so many bytes.
  fileprivate func tensors(
    _ entries: [(key: String, value: PickleValue)], from fileSize: Int
  ) throws(FormatError) -> [CheckpointTensors.Element] {
    var tensors: [CheckpointTensors.Element] = []
    var budget = LayoutBudget(fileSize: fileSize)
    for entry in entries {
      do throws(FormatError) {
        let view = try view(entry.value)
        try budget.charge(view)
        tensors.append((entry.key, view.tensor()))
      } catch {
        throw FormatError("parameter \(entry.key): \(error.reason)")
      }
    }
    return tensors
  }
}

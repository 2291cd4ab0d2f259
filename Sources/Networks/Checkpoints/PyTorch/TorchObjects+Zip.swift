import Foundation

extension TorchObjects {
  /// Reads what torch writes since 1.6: a ZIP archive of a pickle and one member a storage.
  init(zip data: Data) throws(FormatError) {
    let archive = try ZipArchive(data)
    let pickles = archive.names.filter { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
    guard pickles.count <= 1 else { throw FormatError("it holds several checkpoints: unpack it") }
    guard let name = pickles.first, let bytes = try archive.member(name) else {
      throw FormatError(
        "it is a ZIP archive, but not one of torch.save: it has no data.pkl; unpack it")
    }
    let folder = String(name.dropLast("data.pkl".count))
    guard !archive.names.contains(folder + "constants.pkl") else {
      throw FormatError(
        "it is a TorchScript program, not parameters; in Python:"
          + " torch.save(torch.jit.load(PATH).state_dict(), NEW_PATH)")
    }
    if let order = try archive.member(folder + "byteorder"), !order.elementsEqual("little".utf8) {
      throw FormatError("its numbers are big-endian; save it again on another machine")
    }
    var cursor = ByteCursor(bytes)
    pickle = try PickleReader.read(&cursor)
    var storages: [String: Data] = [:]
    let prefix = folder + "data/"
    for member in archive.names where member.hasPrefix(prefix) {
      storages[String(member.dropFirst(prefix.count))] = try archive.member(member)
    }
    self.storages = storages
  }
}

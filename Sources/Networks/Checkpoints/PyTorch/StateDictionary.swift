/// The dictionary of parameters among all that a file holds.
struct StateDictionary {
  /// Keys that lead to it; empty at the top.
  let path: [String]
  /// Tensors in order.
  let entries: [(key: String, value: PickleValue)]

  /// Names that training programs give to what inference needs, the first that is there wins.
  private static let knownNames = [
    "params_ema", "g_ema", "G_ema", "params", "state_dict", "model_state_dict", "model", "netG",
    "net_G", "generator", "G", "G_state_dict", "generator_state_dict", "gen", "net", "network",
    "net_state_dict", "weights", "state",
  ]

  /// Deeper dictionaries are not searched.
  private static let depthLimit = 4

  /// Finds the dictionary: the one with tensors, or the one named by its keys or the last of them.
  init(in objects: TorchObjects, entry: String?) throws(FormatError) {
    var search = Search(objects)
    search.visit(objects.pickle.root, path: [])
    let found = search.found
    guard !found.isEmpty else { throw Self.nothing(objects) }
    if let entry {
      let named = found.filter { $0.title == entry || $0.path.last == entry }
      guard let chosen = named.count == 1 ? named.first : named.first(where: { $0.title == entry })
      else {
        throw FormatError(
          "it has no parameters under \(entry); it has some under \(Self.list(found))")
      }
      self = chosen
      return
    }
    if found.count == 1 {
      self = found[0]
      return
    }
    for name in Self.knownNames {
      let named = found.filter { $0.path.last == name }
      if named.count == 1 {
        self = named[0]
        return
      }
    }
    throw FormatError("it has parameters under \(Self.list(found)); say which to take")
  }

  private init(path: [String], entries: [(key: String, value: PickleValue)]) {
    self.path = path
    self.entries = entries
  }

  /// The keys with slashes between them.
  var title: String { path.joined(separator: "/") }

  private static func list(_ found: [StateDictionary]) -> String {
    let titles = found.prefix(12).map { $0.path.isEmpty ? "the top level" : $0.title }
    return titles.joined(separator: ", ") + (found.count > 12 ? ", ..." : "")
  }

  private static func nothing(_ objects: TorchObjects) -> FormatError {
    let advice = "save them in Python with torch.save(model.state_dict(), PATH)"
    guard let entries = objects.pickle.entries(objects.pickle.root) else {
      return FormatError("it holds no dictionary of parameters; \(advice)")
    }
    let keys = entries.prefix(8).map(\.key).joined(separator: ", ")
    return FormatError("it holds no parameters, only \(keys.isEmpty ? "nothing" : keys); \(advice)")
  }

  /// Visits every dictionary once, by whatever path comes first.
  private struct Search {
    let objects: TorchObjects
    var found: [StateDictionary] = []
    private var visited: Set<Int> = []

    init(_ objects: TorchObjects) { self.objects = objects }

    mutating func visit(_ value: PickleValue, path: [String]) {
      guard case .object(let place) = value, visited.insert(place).inserted,
        let entries = objects.pickle.entries(value)
      else { return }
      let tensors = entries.filter { objects.isTensor($0.value) && !$0.key.hasSuffix("rng_state") }
      if !tensors.isEmpty {
        found.append(StateDictionary(path: path, entries: tensors))
      }
      guard path.count < StateDictionary.depthLimit else { return }
      for entry in entries
      where objects.pickle.isDictionary(entry.value) && !Self.isAboutTraining(entry.key) {
        visit(entry.value, path: path + [entry.key])
      }
    }

    private static let trainingWords = ["optim", "scheduler", "scaler"].map { Array($0.utf8) }

    // Bytes, in lower case, rather than characters: there may be millions of keys.
    private static func isAboutTraining(_ key: String) -> Bool {
      let letters = key.utf8.map { $0 | 0x20 }
      return letters.indices.contains { start in
        trainingWords.contains { word in
          letters[start] == word[0] && letters[start...].starts(with: word)
        }
      }
    }
  }
}

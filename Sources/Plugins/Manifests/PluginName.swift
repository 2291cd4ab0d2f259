/// Names of plugins and pairs.
public enum PluginName {
  /// Whether a name is in kebab case: lower-case letters, digits and single hyphens, a letter first.
  public static func isValid(_ name: String) -> Bool {
    guard let first = name.utf8.first, (97...122).contains(first), name.utf8.count <= 64,
      !name.hasSuffix("-"), !name.contains("--")
    else { return false }
    return name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }

  /// Whether a name is that of a file beside its manifest, and nowhere else.
  static func isFileName(_ name: String) -> Bool {
    // By bytes: to Swift, a slash with an accent is one character and no slash.
    let bytes = name.utf8
    return !bytes.isEmpty && bytes.first != UInt8(ascii: ".")
      && !bytes.contains { [0, UInt8(ascii: "/"), UInt8(ascii: "\\")].contains($0) }
  }

  /// Kebab case of a type's name: `StainTransfer` becomes `stain-transfer`.
  public static func kebab(_ name: String) -> String {
    var words: [String] = []
    var word = ""
    var previous: Character = " "
    for character in name {
      guard character.isASCII, character.isLetter || character.isNumber else {
        if !word.isEmpty { words.append(word) }
        word = ""
        previous = " "
        continue
      }
      if character.isUppercase, previous.isLowercase || previous.isNumber {
        words.append(word)
        word = ""
      }
      word.append(contentsOf: character.lowercased())
      previous = character
    }
    if !word.isEmpty { words.append(word) }
    return words.joined(separator: "-")
  }
}

extension String {
  /// For messages and tables, whatever comes out of a foreign file: control characters become spaces,
  /// and what never ends is cut.
  package var inOneLine: String { inOneLine(400) }

  /// The same, cut behind so many characters.
  package func inOneLine(_ longest: Int) -> String {
    let line = split { $0.isWhitespace || $0.unicodeScalars.contains(where: Self.isControl) }
      .joined(separator: " ")
    return line.count > longest ? line.prefix(longest) + "..." : line
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    [.control, .format, .lineSeparator, .paragraphSeparator]
      .contains(scalar.properties.generalCategory)
  }
}

import Base
public import Foundation
import Synchronization
public import Testing

/// What outside programs answered, kept in `Tests/Oracles`: Python with SciPy or PyTorch takes seconds to
/// start, and says the same every time.
///
/// `SLOW=1` asks the programs again and compares; `scripts/oracle-numbers` writes the files anew.
public enum StoredAnswers {
  private static let environment = ProcessInfo.processInfo.environment
  private static let isRecording = environment["TESSERA_RECORD_ORACLES"] == "1"
  private static let isLive = isRecording || environment["SLOW"] == "1"
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Oracles").standardizedFileURL
  private static let files = Mutex<[String: [String: String]]>([:])

  /// The answer to a question, which is JSON.
  ///
  /// - Parameters:
  ///   - set: The file of `Tests/Oracles`, without its ending.
  ///   - question: All that the answer follows from: the program, its arguments, its input.
  ///   - isComparable: Whether an answer of today has to be the stored one.
  ///   - isPresent: Whether the program can be asked.
  ///   - sourceLocation: Where differences are reported.
  ///   - live: Asks the program.
  /// - Returns: What is stored, or under `SLOW=1` what the program says now.
  /// - Throws: What `live` throws, or that there is neither a stored answer nor a program.
  public static func answer<Answer: Decodable>(
    _ set: String, to question: [Data], isComparable: Bool = true,
    isPresent: @autoclosure () -> Bool, sourceLocation: SourceLocation = #_sourceLocation,
    live: () throws -> String
  ) throws -> Answer {
    let key = key(question)
    let stored = try files.withLock { try read(set, &$0)[key] }
    if let stored, !isLive || !isPresent() { return try decode(stored) }
    guard isPresent() else {
      throw ToolFailure(
        "\(set).json lacks this answer: run make oracles and scripts/oracle-numbers")
    }
    let found = try live().trimmingCharacters(in: .whitespacesAndNewlines)
    if isRecording {
      try files.withLock { files in
        files[set, default: [:]][key] = found
        try write(set, files[set] ?? [:])
      }
    } else if let stored, isComparable {
      let isSame = areClose(try object(stored), try object(found))
      #expect(isSame, "\(set).json has other numbers", sourceLocation: sourceLocation)
    } else if stored == nil, isLive {
      Issue.record(
        "\(set).json lacks this answer: run scripts/oracle-numbers", sourceLocation: sourceLocation)
    }
    return try decode(found)
  }

  private static func key(_ question: [Data]) -> String {
    let lengths = question.map { "\($0.count)" }.joined(separator: " ")
    return String(
      SHA256Digest.hexadecimal(of: question.reduce(Data(lengths.utf8), +)).prefix(16))
  }

  private static func read(
    _ set: String, _ files: inout [String: [String: String]]
  ) throws -> [String: String] {
    if let known = files[set] { return known }
    let data = try? Data(contentsOf: folder.appending(path: "\(set).json"))
    let answers = try data.map { try JSONDecoder().decode([String: String].self, from: $0) } ?? [:]
    files[set] = answers
    return answers
  }

  private static func write(_ set: String, _ answers: [String: String]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try (encoder.encode(answers) + Data("\n".utf8)).write(
      to: folder.appending(path: "\(set).json"))
  }

  private static func decode<Answer: Decodable>(_ text: String) throws -> Answer {
    try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
  }

  private static func object(_ text: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
  }

  /// Versions of a program differ in the last digits.
  private static func areClose(_ a: Any, _ b: Any) -> Bool {
    switch (a, b) {
    case (let a as [Any], let b as [Any]):
      a.count == b.count && zip(a, b).allSatisfy { areClose($0, $1) }
    case (let a as [String: Any], let b as [String: Any]):
      a.count == b.count
        && a.allSatisfy { key, value in b[key].map { areClose(value, $0) } ?? false }
    case (let a as NSNumber, let b as NSNumber):
      abs(a.doubleValue - b.doubleValue) <= 1e-6 * max(1, abs(a.doubleValue))
    default: "\(a)" == "\(b)"
    }
  }
}

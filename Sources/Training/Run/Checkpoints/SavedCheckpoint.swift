import Foundation

/// A training state on the disk.
///
/// All that is known about it is in its name, which it gets in one instant with its content: there
/// is no other file that could disagree. `step-00001234.best.kept.safetensors`.
package struct SavedCheckpoint: Sendable, Hashable {
  /// Why a state stays when newer ones come.
  package enum Mark: String, Sendable, Hashable, CaseIterable {
    /// The best by validation; only one has this mark.
    case best
    /// Stays for good.
    case kept
  }

  /// Steps done.
  package let step: Int
  /// Why it stays.
  package let marks: Set<Mark>
  /// The file.
  package let path: String

  private static let (prefix, ending) = ("step-", "safetensors")

  /// Names a state in a folder.
  init(step: Int, marks: Set<Mark>, folder: String) {
    self.step = step
    self.marks = marks
    let digits = String(step)
    let number = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    let words = Mark.allCases.filter(marks.contains).map(\.rawValue)
    let name = ([Self.prefix + number] + words + [Self.ending]).joined(separator: ".")
    path = "\(folder)/\(name)"
  }

  /// Understands a name; nil for every other file.
  init?(name: String, folder: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, parts.last == Self.ending[...], parts[0].hasPrefix(Self.prefix),
      let step = Int(parts[0].dropFirst(Self.prefix.count)), step >= 0
    else { return nil }
    let marks = parts[1..<(parts.count - 1)].compactMap { Mark(rawValue: String($0)) }
    self.init(step: step, marks: Set(marks), folder: folder)
    guard path == "\(folder)/\(name)" else { return nil }
  }
}

/// Why a program gave no answer, in words that follow its name.
struct PluginFault: Error, Sendable {
  /// Whom to blame.
  enum Blame: Sendable {
    /// The program declined, could not be started, or broke the protocol: trying again is no use.
    case plugin
    /// The copy ended while it worked on this and on other things: it may have been one of those.
    case anyOfSeveral
  }

  /// Whom to blame.
  let blame: Blame
  /// What the program did, such as "gave no answer for 60 s".
  let what: String
  /// Why that is wrong and what to do, beginning with a comma or semicolon.
  var advice = ""
  /// The last that it wrote to standard error.
  var errorTail = ""
  /// Whether it was not even ready by then.
  var isAtStart = false

  init(_ blame: Blame, _ what: String, advice: String = "") {
    self.blame = blame
    self.what = what
    self.advice = advice
  }

  /// One line about `program`, which was busy with `action`.
  func message(_ program: PluginProgram, while action: @autoclosure () -> String) -> String {
    let words = errorTail.isEmpty ? "" : "; it had written: '\(errorTail)'"
    let busy = isAtStart ? "starting" : action()
    return "the plugin \(program.id) \(what) while \(busy)\(advice)\(words)"
  }

  /// The same with another one to blame.
  func blaming(_ blame: Blame) -> PluginFault {
    var fault = PluginFault(blame, what, advice: advice)
    fault.errorTail = errorTail
    fault.isAtStart = isAtStart
    return fault
  }
}

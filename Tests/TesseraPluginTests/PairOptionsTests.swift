import TesseraPlugin
import Testing

struct PairOptionsTests {
  let declared = [
    PairOption("method", .choice(["one", "two"]), default: "one", help: "which"),
    PairOption("share", .number(0...1), default: "0.5", help: "how much"),
    PairOption("count", .integer(1...9), default: "3", help: "how many"),
    PairOption("fast", .flag, default: "false", help: "whether"),
  ]

  @Test func `defaults are filled in and values are read back`() throws {
    let options = try PairOptions(["method": "two", "fast": "true"], declared: declared)
    #expect(options.text("method") == "two" && options.flag("fast"))
    #expect(options.number("share") == 0.5 && options.number("count") == 3)
  }

  @Test(arguments: [
    ("method", "three", "use one of one, two"), ("share", "1.5", "from 0.0 to 1.0"),
    ("share", "nan", "a number"), ("count", "2.5", "whole number"), ("count", "0", "from 1 to 9"),
    ("fast", "yes", "true or false"), ("fat", "true", "there is no option 'fat'"),
  ])
  func `a wrong name or value is refused with what to use`(
    name: String, value: String, reason: String
  ) {
    let error = #expect(throws: PairError.self) {
      try PairOptions([name: value], declared: declared)
    }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }
}

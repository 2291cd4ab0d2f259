import Foundation
import Testing

@testable import Base

struct HTMLPageTests {
  /// Whether text is well-formed XML, as the pages are but for tags that HTML leaves open.
  private func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    for part in text.split(separator: "<").dropFirst(text.hasPrefix("<") ? 0 : 1) {
      guard let end = part.firstIndex(of: ">") else { return false }
      let tag = part[..<end].prefix { $0 != " " && $0 != "\n" }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else if !["!DOCTYPE", "meta", "img", "br"].contains(String(tag)) {
        open.append(tag)
      }
    }
    return open.isEmpty
  }

  @Test func `a page is whole, and its title is text`() {
    let page = HTMLPage(title: "<b>&\"x'", style: "td { color: red; }\n", body: "<p>one</p>\n").text
    #expect(page.hasPrefix(HTMLPage.beginning) && page.hasSuffix("</body>\n</html>\n"))
    #expect(page.contains("<title>&lt;b&gt;&amp;&quot;x&#39;</title>"))
    #expect(page.contains("td { color: red; }\n</style>"))
    #expect(page.contains("<main>\n<p>one</p>\n</main>"))
    #expect(isWellFormed(page) && !page.contains("http"))
  }

  @Test func `a page fetches itself again only where it should`() {
    let page = HTMLPage(title: "x", style: "", body: "", refresh: 30).text
    #expect(page.contains("<meta http-equiv=\"refresh\" content=\"30\">"))
    #expect(!HTMLPage(title: "x", style: "", body: "").text.contains("http-equiv"))
  }

  @Test func `notes are text, and no box where there are none`() {
    #expect(HTMLPage.notes("Notes", []).isEmpty)
    let notes = HTMLPage.notes("Notes", ["a <script>", "b & c"])
    #expect(notes.contains("<li>a &lt;script&gt;</li>") && notes.contains("<li>b &amp; c</li>"))
    #expect(isWellFormed(notes))
  }

  @Test func `any text can stand in a page`() {
    let escaped = HTMLPage.escaped("Ä\u{0}\u{1B}\t\n\u{7F}\u{85}<>")
    #expect(escaped == "Ä\u{FFFD}\u{FFFD}\t\n\u{FFFD}\u{FFFD}&lt;&gt;")
  }

  @Test(arguments: [
    ("a b#&?.png", "./a%20b%23%26%3F.png"), ("javascript:alert(1)", "./javascript%3Aalert%281%29"),
    ("ä/\u{1}", "./%C3%A4/%01"), ("//host/x", ".///host/x"), ("", "./"),
  ])
  func `a link leads to a file beside the page`(path: String, link: String) {
    #expect(HTMLPage.link(to: path) == link)
  }
}

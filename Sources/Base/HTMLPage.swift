/// A page that needs no scripts and no network, light or dark as the reader's system is.
package struct HTMLPage: Sendable {
  /// What every page of Tessera begins with.
  package static let beginning = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "

  private let title: String
  private let style: String
  private let body: String
  private let refresh: Int?

  /// Makes a page.
  ///
  /// - Parameters:
  ///   - title: Plain text.
  ///   - style: Rules behind those that all pages have.
  ///   - body: What is seen, as HTML.
  ///   - refresh: After how many seconds the page fetches itself again; nil for never.
  package init(title: String, style: String, body: String, refresh: Int? = nil) {
    (self.title, self.style, self.body, self.refresh) = (title, style, body, refresh)
  }

  /// The whole page.
  package var text: String {
    let again = refresh.map { "<meta http-equiv=\"refresh\" content=\"\($0)\">\n" } ?? ""
    return """
      \(Self.beginning)charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      \(again)<title>\(Self.escaped(title))</title>
      <style>
      \(Self.style)\(style)</style>
      </head>
      <body>
      <main>
      \(body)</main>
      </body>
      </html>

      """
  }

  /// A box of things to know; nothing where there are none.
  package static func notes(_ title: String, _ notes: [String]) -> String {
    guard !notes.isEmpty else { return "" }
    let items = notes.map { "<li>\(escaped($0))</li>\n" }.joined()
    return "<section class=\"notes\">\n<h2>\(title)</h2>\n<ul>\n\(items)</ul>\n</section>\n"
  }

  /// Text that stands in a page or in XML as it is, whatever it holds.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      // Neither may hold them, not even escaped.
      case "\u{0}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}", "\u{7F}"..."\u{9F}":
        escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// A link to a file beside the page, for `src` and `href`: no scheme, no query.
  package static func link(to path: String) -> String {
    var link = "./"
    for byte in path.utf8 {
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || "-._~/".utf8.contains(byte)
      if isPlain {
        link.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        link += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return link
  }

  private static let style = """
    :root {
      color-scheme: light dark;
      --paper: #fcfcfa; --card: #fff; --ink: #1b1e23; --muted: #6a717c; --line: #e3e4e0;
      --accent: #b5541f; --warn: #8a5a00; --warnpaper: #fff6e0;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14161a; --card: #1b1e23; --ink: #e7e8ea; --muted: #969daa; --line: #2d323a;
        --accent: #f0985f; --warn: #f0c060; --warnpaper: #2b2415;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      font-variant-numeric: tabular-nums;
    }
    main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 60px; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.05rem; margin: 36px 0 10px; padding-top: 14px; border-top: 1px solid var(--line); }
    h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
    p, figure { margin: 0; }
    .stamp, small { color: var(--muted); font-size: .8rem; font-weight: 400; }
    .reason { color: var(--accent); overflow-wrap: anywhere; }
    .notes { margin-top: 24px; padding: 12px 18px; border-radius: 8px; background: var(--warnpaper); border-left: 4px solid var(--warn); }
    .notes h2 { margin: 0 0 4px; padding: 0; border: 0; color: var(--warn); }
    .notes ul { margin: 0; padding-left: 18px; overflow-wrap: anywhere; }
    img { display: block; max-width: 100%; height: auto; border-radius: 4px; border: 1px solid var(--line); }
    table { border-collapse: collapse; width: 100%; font-size: .9rem; }
    th, td { text-align: left; vertical-align: top; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); }
    th { font-weight: 400; color: var(--muted); }

    """
}

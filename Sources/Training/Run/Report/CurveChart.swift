import Base
import Foundation
import TesseraPlugin

/// One small drawing of a curve, as SVG that needs nothing else.
struct CurveChart {
  var name: String
  var curve: Curve
  /// What stands on the horizontal axis.
  var unit = "step"
  /// A place on the horizontal axis to mark, such as the best epoch.
  var mark: Double?

  private static let (width, height) = (440.0, 200.0)
  private static let (left, right, top, bottom) = (54.0, 12.0, 8.0, 26.0)

  /// The drawing and its caption.
  var html: String {
    let steps = ChartAxis(steps: (curve.raw + curve.smooth).map(\.x))
    let values = ChartAxis(values: curve.raw.map(\.y), course: curve.smooth.map(\.y))
    let title = HTMLPage.escaped(name)
    let now = curve.last.map { ShortNumber.text($0) } ?? "no value yet"
    var svg =
      "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" aria-label=\"\(title)"
      + " by \(unit), last \(now)\">"
    for mark in values.marks {
      let y = Self.y(values.place(mark))
      svg +=
        "<line class=\"grid\" x1=\"\(Self.x(0))\" x2=\"\(Self.x(1))\" y1=\"\(y)\" y2=\"\(y)\"/>"
      svg += Self.text(
        "end", Self.number(Self.left - 6), y, ShortNumber.mark(mark), " dy=\".32em\"")
    }
    for mark in steps.marks {
      svg += Self.text(
        "middle", Self.x(steps.place(mark)), Self.number(Self.height - 7), ShortNumber.mark(mark))
    }
    func line(_ points: [Curve.Point], _ kind: String) -> String {
      let path = points.map { "\(Self.x(steps.place($0.x))),\(Self.y(values.place($0.y)))" }
      return "<polyline class=\"\(kind)\" points=\"\(path.joined(separator: " "))\"/>"
    }
    if curve.smooth.isEmpty {
      svg += line(curve.raw, "smooth")
      if curve.raw.count <= 60 {
        for point in curve.raw {
          svg += Self.dot("dot", steps.place(point.x), values.place(point.y), radius: "2.4")
        }
      }
    } else {
      svg += line(curve.raw, "raw") + line(curve.smooth, "smooth")
    }
    let best = curve.raw.first { $0.x == mark }
    if let best {
      let x = Self.x(steps.place(best.x))
      svg +=
        "<line class=\"best\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(Self.y(1))\" y2=\"\(Self.y(0))\"/>"
      svg += Self.dot("bestdot", steps.place(best.x), values.place(best.y), radius: "4")
    }
    svg += "</svg>"
    var notes = [now]
    if let best {
      notes.append("best \(unit) \(ShortNumber.mark(best.x)): \(ShortNumber.text(best.y))")
    }
    if values.isLogarithmic { notes.append("log scale") }
    var caption = "<b>\(title)</b><span>\(notes.joined(separator: " · "))</span>"
    if let fault = curve.firstFault {
      caption += "<em>not a number at \(unit) \(ShortNumber.count(Int(saturating: fault)))</em>"
    }
    return "<figure class=\"chart\"><figcaption>\(caption)</figcaption>\(svg)</figure>\n"
  }

  private static func x(_ part: Double) -> String {
    number(left + part * (width - left - right))
  }

  private static func y(_ part: Double) -> String {
    number(height - bottom - part * (height - top - bottom))
  }

  private static func text(
    _ anchor: String, _ x: String, _ y: String, _ text: String, _ more: String = ""
  ) -> String {
    "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\"\(more)>\(HTMLPage.escaped(text))</text>"
  }

  private static func dot(_ kind: String, _ x: Double, _ y: Double, radius: String) -> String {
    "<circle class=\"\(kind)\" cx=\"\(Self.x(x))\" cy=\"\(Self.y(y))\" r=\"\(radius)\"/>"
  }

  // A tenth of a unit is less than can be seen.
  private static func number(_ value: Double) -> String {
    let tenths = Int(saturating: value * 10)
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
  }
}

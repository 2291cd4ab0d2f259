import TesseraPlugin

extension Double {
  /// The number with a fixed count of decimals, as text.
  package func decimal(_ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    guard magnitude * scale < 1e15 else { return "\(self)" }
    let scaled = Int(saturating: magnitude * scale)
    let sign = self < 0 && scaled > 0 ? "-" : ""
    let whole = scaled / Int(scale)
    let fraction = String(scaled % Int(scale))
    guard places > 0 else { return "\(sign)\(whole)" }
    return "\(sign)\(whole).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
  }
}

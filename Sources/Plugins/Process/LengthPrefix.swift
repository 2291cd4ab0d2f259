/// JSON with bytes of any kind behind it: a 32-bit length, so much JSON, the rest.
enum LengthPrefix {
  static func join(_ json: [UInt8], _ rest: [UInt8]) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(4 + json.count + rest.count)
    body.append(little: UInt32(json.count))
    return body + json + rest
  }

  /// Both parts; nil where the length is a lie.
  static func split(_ body: [UInt8]) -> (json: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
    guard body.count >= 4 else { return nil }
    let end = 4 + Int(body.little(at: 0))
    return end <= body.count ? (body[4..<end], body[end...]) : nil
  }
}

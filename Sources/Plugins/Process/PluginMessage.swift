/// One message between the host and a program.
struct PluginMessage: Sendable {
  /// What it says.
  enum Kind: UInt32, Sendable {
    // From the host
    case hello = 1
    case calibrate
    case open
    case translate
    case close
    case fit
    case sample
    case combine

    // From the program
    case ready = 65
    case calibrated
    case done
    case failed
    case fitted
    case sampled

    /// The longest body of one from a program; nil is for those that only the host sends.
    var longestBody: Int? {
      switch self {
      case .hello, .calibrate, .open, .translate, .close, .fit, .sample, .combine: nil
      case .done: 0
      case .ready, .failed: 1 << 16
      case .fitted, .sampled: 1 << 24
      case .calibrated: 1 << 26
      }
    }
  }

  /// Bytes in front of the body.
  static let headerBytes = 12

  /// What it says.
  let kind: Kind
  /// The request that it asks or answers, or the session that it opens or closes.
  let number: UInt32
  /// What depends on the kind.
  var body: [UInt8] = []

  /// The message as it is sent.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headerBytes + body.count)
    bytes.append(little: kind.rawValue)
    bytes.append(little: number)
    bytes.append(little: UInt32(body.count))
    return bytes + body
  }
}

extension [UInt8] {
  /// Appends a number, its lowest byte first.
  mutating func append<Number: FixedWidthInteger>(little number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  /// The 32-bit number at `offset`, its lowest byte first.
  func little(at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(self[offset + $1]) << (8 * UInt32($1)) }
  }
}

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

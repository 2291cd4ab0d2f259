import Foundation
import TesseraPlugin
import TileIO

/// What the host says.
enum HostMessage {
  /// The version of the protocol.
  static let version = 1

  /// Greets a copy that has been started.
  static func hello() throws(PluginFault) -> PluginMessage {
    try message(
      .hello, 0, Hello(protocol: version, host: "tessera \(TesseraVersion.current)"))
  }

  /// Where in shared memory what a copy is to look at lies.
  struct Sight: Sendable {
    var overview: Int
    /// The parts of level 0 that it asked for.
    var samples: [(region: PixelRegion, offset: Int)] = []
    /// What was measured on another image.
    var calibration: (offset: Int, bytes: Int)?
  }

  /// Asks about an image, which the copy sees in shared memory: what is to be done with it, which parts
  /// of it are wanted, or which target it makes.
  static func look(
    _ kind: PluginMessage.Kind, _ number: UInt32, _ overview: borrowing Overview, _ sight: Sight,
    options: OptionValues, reference: PairValue? = nil
  ) throws(PluginFault) -> PluginMessage {
    let samples = sight.samples.map { sample in
      SampleObject(
        offset: sample.offset, x: sample.region.x, y: sample.region.y, width: sample.region.width,
        height: sample.region.height)
    }
    return try message(
      kind, number,
      Look(
        image: ImageObject(overview.image), options: options, reference: reference,
        overview: OverviewObject(overview, at: sight.overview),
        samples: samples.isEmpty ? nil : samples,
        calibration: sight.calibration.map { PieceObject(offset: $0.offset, bytes: $0.bytes) }))
  }

  /// Asks for one target made of several.
  static func combine(
    _ number: UInt32, _ references: [PairValue]
  ) throws(PluginFault) -> PluginMessage {
    try message(.combine, number, Combine(references: references))
  }

  /// Tells a copy of an image that its windows will come from.
  static func open(
    _ session: UInt32, _ image: ImageDescription, _ pair: PairDescription, format: SampleFormat,
    options: OptionValues, state: [UInt8]
  ) throws(PluginFault) -> PluginMessage {
    let output = ImageDescription(
      width: pair.scale.output(image.width), height: pair.scale.output(image.height),
      channels: pair.outputChannels, format: format)
    var message = try message(
      .open, session,
      Open(image: ImageObject(image), output: ImageObject(output), options: options))
    message.body = LengthPrefix.join(message.body, state)
    return message
  }

  /// Asks for the core of a window, both in shared memory.
  static func translate(
    _ number: UInt32, session: UInt32, window: PixelRegion, at windowOffset: Int,
    core: PixelRegion, at coreOffset: Int
  ) -> PluginMessage {
    var body: [UInt8] = []
    body.reserveCapacity(52)
    for offset in [windowOffset, coreOffset] { body.append(little: UInt64(offset)) }
    body.append(little: session)
    for region in [window, core] {
      for value in [region.x, region.y, region.width, region.height] {
        body.append(little: Int32(value))
      }
    }
    return PluginMessage(kind: .translate, number: number, body: body)
  }

  private static func message(
    _ kind: PluginMessage.Kind, _ number: UInt32, _ content: some Encodable
  ) throws(PluginFault) -> PluginMessage {
    do {
      let body = try JSONEncoder().encode(content)
      return PluginMessage(kind: kind, number: number, body: Array(body))
    } catch {
      throw PluginFault(.plugin, "cannot be told about the image (\(error))")
    }
  }

  private struct Hello: Encodable {
    let `protocol`: Int
    let host: String
  }

  private struct Look: Encodable {
    let image: ImageObject
    let options: OptionValues
    @Nullable var reference: PairValue?
    let overview: OverviewObject
    let samples: [SampleObject]?
    let calibration: PieceObject?
  }

  private struct Combine: Encodable {
    let references: [PairValue]
  }

  private struct PieceObject: Encodable {
    let offset, bytes: Int
  }

  private struct SampleObject: Encodable {
    let offset, x, y, width, height: Int
  }

  private struct Open: Encodable {
    let image: ImageObject
    let output: ImageObject
    let options: OptionValues
  }

  private struct ImageObject: Encodable {
    let width: Int
    let height: Int
    let channels: Int
    let format: SampleFormat
    @Nullable var micronsPerPixel: Double?
    let slices: Int?

    init(_ image: ImageDescription) {
      width = image.width
      height = image.height
      channels = image.channels
      format = image.format
      slices = image.slices
      micronsPerPixel = image.micronsPerPixel.flatMap { $0.isFinite ? $0 : nil }
    }
  }

  private struct OverviewObject: Encodable {
    let offset: Int
    let width: Int
    let height: Int
    let channels: Int
    let format: SampleFormat
    let reduction: Int

    init(_ overview: borrowing Overview, at offset: Int) {
      self.offset = offset
      width = overview.pixels.region.width
      height = overview.pixels.region.height
      channels = overview.pixels.channels
      format = overview.pixels.format
      reduction = overview.reduction
    }
  }

  /// Writes `null` where nothing is, so that every name is always there.
  @propertyWrapper
  private struct Nullable<Value: Encodable>: Encodable {
    var wrappedValue: Value?

    init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if let wrappedValue {
        try container.encode(wrappedValue)
      } else {
        try container.encodeNil()
      }
    }
  }
}

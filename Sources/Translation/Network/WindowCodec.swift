import TesseraPlugin

/// Turns windows of interleaved samples into what a network takes (NCHW, its own range), and back.
struct WindowCodec: Sendable {
  let input: PictureFormat
  let output: PictureFormat

  /// Writes the window as planes of channels into `values`.
  func encode(_ window: borrowing Tile, into values: inout MutableSpan<Float>) throws(PairError) {
    switch window.format {
    case .uint8 where input.color != .labels: encodeBytes(window, into: &values)
    case .uint8: try encode(window, into: &values, as: UInt8.self) { Float($0) }
    case .uint16: try encode(window, into: &values, as: UInt16.self) { Float($0) }
    case .float32: try encode(window, into: &values, as: Float.self) { $0 }
    }
  }

  private func encodeBytes(_ window: borrowing Tile, into values: inout MutableSpan<Float>) {
    let (factor, offset) = input.mapping(white: window.format.white)
    let table = (0..<256).map { min(max(Float($0) * factor + offset, limits[0]), limits[1]) }
    let (columns, channels) = (window.region.columns, window.channels)
    let plane = window.region.area
    for (line, row) in window.region.rows.enumerated() {
      window.withRow(row, columns: columns, as: UInt8.self) { samples in
        for channel in 0..<channels {
          let place = input.color == .bgr ? channels - 1 - channel : channel
          let start = place * plane + line * columns.count
          var target = values.extracting(start..<(start + columns.count))
          PlaneRows.spread(samples, channel: channel, of: channels, by: table, into: &target)
        }
      }
    }
  }

  /// A physical window clips what lies beyond it, as it did in training.
  private var limits: [Float] { input.units == .physical ? input.range : [-.infinity, .infinity] }

  private func encode<S: Sample>(
    _ window: borrowing Tile, into values: inout MutableSpan<Float>, as: S.Type,
    _ number: (S) -> Float
  ) throws(PairError) {
    guard input.color != .labels else {
      return try encodeLabels(window, into: &values, as: S.self, number)
    }
    let (factor, offset) = input.mapping(white: window.format.white)
    let (columns, channels) = (window.region.columns, window.channels)
    let width = columns.count
    let plane = window.region.area
    let limits = limits
    var isSpoiled = false
    for (line, row) in window.region.rows.enumerated() {
      window.withRow(row, columns: columns, as: S.self) { samples in
        for channel in 0..<channels {
          let place = input.color == .bgr ? channels - 1 - channel : channel
          let start = place * plane + line * width
          var target = values.extracting(start..<(start + width))
          // Squares of larger values are infinite.
          var areNumbers = true
          for pixel in 0..<width {
            let value = number(samples[pixel * channels + channel]) * factor + offset
            target[pixel] = min(max(value, limits[0]), limits[1])
            if !(value.magnitude < 1e18) { areNumbers = false }
          }
          if !areNumbers { isSpoiled = true }
        }
      }
    }
    if isSpoiled { throw Self.spoiled }
  }

  /// Says that a picture cannot be translated.
  static let spoiled = PairError(
    "the image, or what the network makes of it, holds values that are no numbers, and one of them"
      + " spoils all pixels that see it; replace them in the image")

  private func encodeLabels<S: Sample>(
    _ window: borrowing Tile, into values: inout MutableSpan<Float>, as: S.Type,
    _ number: (S) -> Float
  ) throws(PairError) {
    let columns = window.region.columns
    let plane = window.region.area
    let classes = input.classes ?? input.channels
    for index in values.indices { values[index] = 0 }
    for (line, row) in window.region.rows.enumerated() {
      let unknown = window.withRow(row, columns: columns, as: S.self) { samples -> Float? in
        for pixel in 0..<columns.count {
          let label = number(samples[pixel])
          guard label >= 0, label < Float(classes), label == label.rounded() else {
            guard let unknownClass = input.unknownClass else { return label }
            values[unknownClass * plane + line * columns.count + pixel] = 1
            continue
          }
          values[Int(label) * plane + line * columns.count + pixel] = 1
        }
        return nil
      }
      if let unknown {
        throw PairError(
          "row \(row) of the label map holds \(unknown), the network knows classes 0 to"
            + " \(classes - 1); set unknownClass in pair.json if it may be anything")
      }
    }
  }

  /// Writes the part of a network's output that `core` covers; the output's first pixel lies at
  /// (`x`, `y`) and its rows have `width` px.
  func decode(_ values: Span<Float>, x: Int, y: Int, width: Int, height: Int, into core: inout Tile)
  {
    switch core.format {
    case .uint8 where output.color == .labels:
      decodeLabels(values, x, y, width, height, into: &core, as: UInt8.self) { UInt8($0) }
    case .uint16 where output.color == .labels:
      decodeLabels(values, x, y, width, height, into: &core, as: UInt16.self) { UInt16($0) }
    case .float32 where output.color == .labels:
      decodeLabels(values, x, y, width, height, into: &core, as: Float.self) { Float($0) }
    case .uint8: decodeBytes(values, x, y, width, height, into: &core)
    case .uint16:
      decode(values, x, y, width, height, into: &core, as: UInt16.self) {
        UInt16(saturating: $0)
      }
    case .float32:
      decode(values, x, y, width, height, into: &core, as: Float.self) { $0 }
    }
  }

  private func decodeBytes(
    _ values: Span<Float>, _ x: Int, _ y: Int, _ width: Int, _ height: Int, into core: inout Tile
  ) {
    let (factor, offset) = output.mapping(white: core.format.white)
    let (columns, channels) = (core.region.columns, core.channels)
    for row in core.region.rows {
      let plane = { (channel: Int) -> Range<Int> in
        let place = output.color == .bgr ? channels - 1 - channel : channel
        let start = place * width * height + (row - y) * width + columns.lowerBound - x
        return start..<(start + columns.count)
      }
      core.withMutableRow(row, columns: columns, as: UInt8.self) { target in
        guard channels != 3 else {
          PlaneRows.gather(
            values.extracting(plane(0)), values.extracting(plane(1)), values.extracting(plane(2)),
            factor: factor, offset: offset, into: &target)
          return
        }
        for channel in 0..<channels {
          PlaneRows.gather(
            values.extracting(plane(channel)), factor: factor, offset: offset, channel: channel,
            of: channels, into: &target)
        }
      }
    }
  }

  /// The number of the largest channel, the first one of equals.
  private func decodeLabels<S: Sample>(
    _ values: Span<Float>, _ x: Int, _ y: Int, _ width: Int, _ height: Int,
    into core: inout Tile, as: S.Type, _ sample: (Int) -> S
  ) {
    let columns = core.region.columns
    for row in core.region.rows {
      core.withMutableRow(row, columns: columns, as: S.self) { target in
        for pixel in 0..<columns.count {
          let place = (row - y) * width + columns.lowerBound - x + pixel
          var label = 0
          for channel in 1..<output.channels
          where values[channel * width * height + place] > values[label * width * height + place] {
            label = channel
          }
          target[pixel] = sample(label)
        }
      }
    }
  }

  private func decode<S: Sample>(
    _ values: Span<Float>, _ x: Int, _ y: Int, _ width: Int, _ height: Int,
    into core: inout Tile, as: S.Type, _ sample: (Float) -> S
  ) {
    let (factor, offset) = output.mapping(white: core.format.white)
    let (columns, channels) = (core.region.columns, core.channels)
    let plane = width * height
    for row in core.region.rows {
      core.withMutableRow(row, columns: columns, as: S.self) { target in
        for channel in 0..<channels {
          let place = output.color == .bgr ? channels - 1 - channel : channel
          let start = place * plane + (row - y) * width + columns.lowerBound - x
          let source = values.extracting(start..<(start + columns.count))
          for pixel in 0..<columns.count {
            let value = (source[pixel] - offset) / factor
            // A network that diverges somewhere leaves black, not a crash.
            target[pixel * channels + channel] = sample(value.isNaN ? 0 : value)
          }
        }
      }
    }
  }
}

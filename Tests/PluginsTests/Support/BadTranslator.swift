import Synchronization
import TesseraPlugin

/// The translator of a bad pair.
final class BadTranslator: TileTranslator {
  private let fault: BadPair.Fault
  private let calibration: Int
  private let calls = Mutex(0)
  private let scratch: Scratch

  init(_ fault: BadPair.Fault, calibration: Int) {
    self.fault = fault
    self.calibration = calibration
    scratch = Scratch()
  }

  /// Memory that nothing guards.
  private final class Scratch: @unchecked Sendable {
    // Sendable: it is not safe, which is what the suite must find out; floats that tear harm nobody.
    let values = UnsafeMutablePointer<Float>.allocate(capacity: 1 << 20)
    init() { values.initialize(repeating: 0, count: 1 << 20) }
    deinit { values.deallocate() }
  }

  var footprint: Footprint {
    switch fault {
    case .understatedHalo: Footprint(halo: 2, preferredCore: 64)
    case .windowEnds: Footprint(halo: 5, preferredCore: 64)
    default: .pixel
    }
  }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    switch fault {
    case .wrongSize:
      core = Tile(
        region: PixelRegion(
          x: core.region.x, y: core.region.y, width: core.region.width + 1,
          height: core.region.height), channels: core.channels, format: core.format)
    default: break
    }
    let count = calls.withLock { count in
      count += 1
      return count
    }
    guard fault != .wrongSize else { return }
    switch core.format {
    case .uint8:
      fill(window, &core, count, as: UInt8.self) {
        Float($0)
      } _: {
        UInt8($0)
      }
    case .uint16:
      fill(window, &core, count, as: UInt16.self) {
        Float($0)
      } _: {
        UInt16($0)
      }
    case .float32:
      fill(window, &core, count, as: Float.self) {
        $0
      } _: {
        $0
      }
    }
  }

  private func fill<S: Sample>(
    _ window: borrowing Tile, _ core: inout Tile, _ count: Int, as: S.Type,
    _ load: (S) -> Float, _ store: (Float) -> S
  ) {
    let (region, channels, white) = (core.region, core.channels, core.format.white)
    let all = window.region
    let reach = fault == .understatedHalo ? 5 : fault == .windowEnds ? 2 : 0
    for (index, row) in region.rows.enumerated() {
      if fault == .half, index % 2 == 1, region.height > 40 { continue }
      var line = [Float](repeating: 0, count: region.width * channels)
      let source = reach == 0 ? row : min(row + reach, all.y + all.height - 1)
      window.withRow(source, columns: all.columns, as: S.self) { samples in
        for column in region.columns {
          let place = reach == 0 ? column : min(column + reach, all.x + all.width - 1)
          for channel in 0..<channels {
            line[(column - region.x) * channels + channel] = load(
              samples[(place - all.x) * channels + channel])
          }
        }
      }
      change(&line, row, region, all, count, white)
      core.withMutableRow(row, columns: region.columns, as: S.self) { output in
        for index in output.indices { output[index] = store(line[index]) }
      }
    }
  }

  /// Does to a row what is wrong.
  private func change(
    _ line: inout [Float], _ row: Int, _ region: PixelRegion, _ all: PixelRegion, _ count: Int,
    _ white: Float
  ) {
    let isFloat = white == 1
    switch fault {
    case .hiddenState where count > 1 && !isFloat: line[0] = Float(count % 200)
    case .pairState where !isFloat: line[0] = Float(calibration % 200)
    case .windowEnds where row == region.y && !isFloat: line[0] = Float(all.width % 2) * white
    case .notANumber where isFloat: line[1] = .nan
    case .range where isFloat: line[1] = 0.75
    case .racing:
      // Through the shared memory and back.
      for index in line.indices { scratch.values[index] = line[index] }
      for index in line.indices { line[index] = white - scratch.values[index] }
    default: break
    }
  }
}

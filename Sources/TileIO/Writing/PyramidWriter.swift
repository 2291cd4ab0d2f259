import Base
import TesseraPlugin

/// Writes a pyramid of tiles as a BigTIFF.
///
/// Tiles are compressed on the threads of a pool and written in order; each level is the 2x2 box
/// filter of the one above, of labels every second pixel. The bytes of the file depend on the pixels
/// and the options alone, not on the heights of the strips or the number of threads. Memory: about two
/// rows of tiles over all levels; the smaller levels wait in a nameless file beside the output.
public final class PyramidWriter: ImageSink {
  private let plan: PyramidPlan
  private let pool: WorkerPool
  private let levels: [PyramidLevel]
  private let workspaces: TileWorkspaces
  private let uniform = UniformTiles()
  private let directory: PyramidDirectory
  private var tiles: [EncodedTile]
  private var thumbnail: UnsafeMutableRawPointer?
  private var output: Output?
  private var rowsTaken = 0

  // What is on the disk.
  private struct Output {
    let part: AtomicFile
    let file: TIFFFile
    let spill: SpillFile?
  }

  /// Starts a file at `path`; `info` describes the pixels that will follow.
  public init(
    path: String, info: ImageInfo, options: OutputOptions, pool: WorkerPool,
    willPublish: @escaping WillPublish = { _ in }
  ) throws(TesseraError) {
    plan = try PyramidPlan(path: path, info: info, options: options)
    self.pool = pool
    let plan = plan
    levels = plan.levels.indices.map { PyramidLevel(number: $0, plan: plan) }
    tiles = (0..<levels[0].columns).map { _ in EncodedTile() }
    let workspace = try TileWorkspace(plan: plan)
    workspaces = TileWorkspaces(plan: plan, first: workspace)
    directory = PyramidDirectory(
      plan: plan, tables: plan.copies == nil ? workspace.tables : [],
      firstTables: plan.copies?.tiles.tables ?? workspace.tables)
    if let number = plan.thumbnailLevel {
      let level = levels[number]
      thumbnail = .allocate(byteCount: level.bytesPerRow * level.height, alignment: 64)
    }
    let part = try AtomicFile(path, action: ImageOutput.action, willPublish: willPublish)
    let file = try TIFFFile(part, mode: "w8")
    let spill = plan.levels.count > 1 ? try SpillFile(for: path) : nil
    output = Output(part: part, file: file, spill: spill)
    directory.setTags(of: file, level: 0)
  }

  deinit {
    discard()
    thumbnail?.deallocate()
  }

  /// Takes the next rows; after an error only ``discard()`` is of use.
  public func write(_ strip: borrowing Tile) throws(TesseraError) {
    let region = strip.region
    precondition(
      region.x == 0 && region.width == plan.info.width && region.y == rowsTaken
        && rowsTaken + region.height <= plan.info.height
        && strip.channels == plan.layout.channels && strip.format == plan.layout.format,
      "a strip \(region) of \(strip.channels) x \(strip.format) after \(rowsTaken) rows")
    guard output != nil else {
      throw TesseraError(plan.path, ImageOutput.action, "the file was given up before")
    }
    do throws(TesseraError) {
      let bytesPerRow = strip.bytesPerRow
      try strip.withUnsafeBytes { base throws(TesseraError) in
        try append(base, bytesPerRow: bytesPerRow, count: region.height)
      }
      rowsTaken += region.height
    } catch {
      discard()
      throw error
    }
  }

  /// Appends the smaller levels, checks the file and gives it its name.
  public func finish() throws(TesseraError) {
    guard let output else {
      throw TesseraError(plan.path, ImageOutput.action, "the file was given up before")
    }
    do throws(TesseraError) {
      guard rowsTaken == plan.info.height else {
        throw TesseraError(
          plan.path, ImageOutput.action, "only \(rowsTaken) of \(plan.info.height) rows arrived")
      }
      try output.file.writeDirectory()
      if let number = plan.thumbnailLevel { try writeThumbnail(level: number, to: output.file) }
      for level in levels.dropFirst() {
        try append(level, from: output.spill, to: output.file)
      }
      try output.file.finish()
      if plan.profile == .ome { try PyramidPages(part: output.part).add() }
      try output.part.synchronize()
      try PyramidCheck(plan: plan, part: output.part).run()
      try output.part.publish()
      self.output = nil
    } catch {
      discard()
      throw error
    }
  }

  /// Removes everything that was written; does nothing after ``finish()``.
  public func discard() {
    output?.part.discard()
    output = nil
  }

  private func append(_ base: UnsafeRawPointer, bytesPerRow: Int, count: Int) throws(TesseraError) {
    let level = levels[0]
    var offset = 0
    while offset < count {
      let left = count - offset
      let rows = min(plan.tileSize, left)
      if level.filled == 0 && level.isRowOfTiles(rows) {
        try process(level, base + offset * bytesPerRow, bytesPerRow: bytesPerRow, rows: rows)
        offset += rows
        continue
      }
      let copied = min(left, plan.tileSize - level.filled)
      for row in 0..<copied {
        (level.rows + (level.filled + row) * level.bytesPerRow).copyMemory(
          from: base + (offset + row) * bytesPerRow, byteCount: level.bytesPerRow)
      }
      level.filled += copied
      offset += copied
      try processIfFull(level)
    }
  }

  private func processIfFull(_ level: PyramidLevel) throws(TesseraError) {
    guard level.filled > 0, level.isRowOfTiles(level.filled) else { return }
    try process(level, level.rows, bytesPerRow: level.bytesPerRow, rows: level.filled)
    level.filled = 0
  }

  private func process(
    _ level: PyramidLevel, _ base: UnsafeRawPointer, bytesPerRow: Int, rows: Int
  ) throws(TesseraError) {
    let next = level.number + 1 < levels.count ? levels[level.number + 1] : nil
    let nextRows = next == nil ? 0 : level.halved(rows)
    let row = TileRow(
      plan: plan,
      source: BoxFilter.Rows(
        base: base, bytesPerRow: bytesPerRow, width: level.width, height: rows),
      top: level.done, copies: level.number == 0 ? plan.copies : nil, tiles: tiles,
      next: next.map { $0.rows + $0.filled * $0.bytesPerRow },
      nextBytesPerRow: next?.bytesPerRow ?? 0, nextWidth: next?.width ?? 0, nextRows: nextRows,
      workspaces: workspaces, uniform: uniform)
    try pool.run(level.columns, throwing: TesseraError.self) { column throws(TesseraError) in
      try row.process(column)
    }
    try store(level)
    if level.number == plan.thumbnailLevel, let thumbnail {
      for row in 0..<rows {
        (thumbnail + (level.done + row) * level.bytesPerRow).copyMemory(
          from: base + row * bytesPerRow, byteCount: level.bytesPerRow)
      }
    }
    level.done += rows
    guard let next, nextRows > 0 else { return }
    next.filled += nextRows
    try processIfFull(next)
  }

  private func store(_ level: PyramidLevel) throws(TesseraError) {
    guard let output else { return }
    let first = level.done / plan.tileSize * level.columns
    for column in 0..<level.columns {
      let tile = tiles[column]
      if level.number == 0 {
        try output.file.writeTile(first + column, tile.bytes, count: tile.count)
      } else if let spill = output.spill {
        level.spilled.append((spill.count, tile.count))
        try spill.append(tile.bytes, count: tile.count)
      }
    }
  }

  private func append(
    _ level: PyramidLevel, from spill: SpillFile?, to file: TIFFFile
  ) throws(TesseraError) {
    directory.setTags(of: file, level: level.number)
    let capacity = level.spilled.reduce(1) { max($0, $1.count) }
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    defer { bytes.deallocate() }
    for (index, place) in level.spilled.enumerated() {
      try spill?.read(into: bytes, at: place.offset, count: place.count)
      try file.writeTile(index, bytes, count: place.count)
    }
    try file.writeDirectory()
  }

  private func writeThumbnail(level number: Int, to file: TIFFFile) throws(TesseraError) {
    guard let thumbnail else { return }
    let level = levels[number]
    directory.setThumbnailTags(of: file, level: number)
    if plan.compression.method == .jpeg {
      let encoder = try JPEGTileEncoder(
        path: plan.path, width: level.width, height: level.height, compression: plan.compression)
      let strip = EncodedTile()
      try encoder.encode(thumbnail, bytesPerRow: level.bytesPerRow, into: strip)
      try file.writeStrip(strip)
    } else {
      try file.compressStrip(thumbnail, count: level.bytesPerRow * level.height)
    }
    try file.writeDirectory()
  }
}

import Base
import Foundation

/// A volume in TIFF: a file with a page a slice, or a folder with a file a slice.
///
/// Columns run along the first axis, rows along the second, pages along the third.
struct TIFFStack {
  let path: String
  /// Files in the order of the slices.
  let files: [String]
  /// What all pages are like.
  let first: TIFFPage
  let slices: Int
  let description: StackDescription
  let resolution: (x: Double, y: Double, unit: Int32)?

  static let action = "reading a TIFF stack"

  /// Looks at all pages of a file, or at all files of a folder.
  ///
  /// - Throws: Where they are not the slices of one volume.
  init(_ path: String) throws(TesseraError) {
    self.path = path
    let isFolder = URL(filePath: path).hasDirectory
    files = isFolder ? Self.slices(of: path) : [path]
    guard let start = files.first else { throw Self.fail(path, "it holds no TIFF files") }
    let reader = try TIFFReader(start)
    first = reader.page
    description = StackDescription(reader.text)
    resolution = reader.resolution
    if let reason = first.reason { throw Self.fail(start, "\(reason); a volume is grey") }
    if description.channels > 1 || description.images > 1 {
      throw Self.fail(
        start,
        "it holds several channels, points in time or images; take one volume out of it first")
    }
    slices = isFolder ? files.count : try Self.count(reader, path, first, description)
    if isFolder { try Self.check(files, reader, first) }
    guard slices > 1 else {
      throw Self.fail(path, "it has one slice, a volume needs two at least; is it complete?")
    }
  }

  /// The TIFF files of a folder in the order of the numbers in their names.
  static func slices(of folder: String) -> [String] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
      !$0.hasPrefix(".") && VolumeFormat(path: $0) == .tiff
    }
    let sorted = names.sorted {
      let order = $0.compare($1, options: [.numeric, .caseInsensitive])
      return order == .orderedSame ? $0 < $1 : order == .orderedAscending
    }
    return sorted.map { URL(filePath: folder).appending(path: $0).path }
  }

  /// Pages of a file, all like the first.
  private static func count(
    _ reader: TIFFReader, _ path: String, _ first: TIFFPage, _ description: StackDescription
  ) throws(TesseraError) -> Int {
    var count = 1
    while !reader.isLast {
      guard reader.advance() else {
        throw fail(path, "page \(count + 1) cannot be read; is the file complete?")
      }
      count += 1
      try check(reader.page, like: first, path, "page \(count)")
    }
    guard let promised = description.slices, promised != count else { return count }
    // ImageJ writes stacks beyond 4 GB with one page that stands for all.
    if count == 1, promised > 1, reader.start != nil { return promised }
    throw fail(
      path, "its description promises \(promised) slices, it has \(count); is it complete?")
  }

  private static func check(
    _ files: [String], _ first: TIFFReader, _ page: TIFFPage
  ) throws(TesseraError) {
    if page.type?.bytes == 1 {
      throw fail(
        files[0],
        "it has 8 bits, so its folder counts as pictures; make one file with a page a slice")
    }
    for (index, file) in files.enumerated() {
      let reader = index == 0 ? first : try TIFFReader(file)
      guard reader.isLast else {
        throw fail(file, "it has several pages; a folder's files are a slice each")
      }
      try check(reader.page, like: page, file, "it")
    }
  }

  private static func check(
    _ page: TIFFPage, like first: TIFFPage, _ path: String, _ what: String
  ) throws(TesseraError) {
    guard page != first else { return }
    if page.width != first.width || page.height != first.height {
      throw fail(
        path,
        "\(what) has \(page.width) x \(page.height) px, the first \(first.width) x \(first.height);"
          + " slices of a volume have one size")
    }
    if let reason = page.reason {
      throw fail(path, "\(what) is no slice of a volume: \(reason)")
    }
    throw fail(
      path,
      "\(what) has samples of \(page.type?.rawValue ?? ""), the first of \(first.type?.rawValue ?? "");"
        + " slices of a volume have one type")
  }

  static func fail(_ path: String, _ reason: String) -> TesseraError {
    TesseraError(path, action, reason)
  }

}

import Foundation

/// DICOM files of whole slides made on the spot.
public enum TestDICOM {
  /// The header of one file of a slide, without pixels, in explicit or implicit form.
  public static func header(
    series: String = "1.2.3", columns: Int = 512, rows: Int = 512, kind: String = "VOLUME",
    class storage: String = "1.2.840.10008.5.1.4.1.1.77.1.6", isExplicit: Bool = true
  ) -> Data {
    let syntax = isExplicit ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2"
    let meta =
      text(2, 2, "UI", storage) + text(2, 16, "UI", syntax)
    var data = Data(repeating: 0, count: 128) + Data("DICM".utf8)
    data += element(2, 0, "UL", Data(long: meta.count)) + meta
    data += text(8, 8, "CS", "ORIGINAL\\PRIMARY\\\(kind)\\NONE", isExplicit)
    // A sequence without a length, whose item holds the series of another file
    let item = text(0x20, 0x0E, "UI", "9.9.9", isExplicit)
    data += Data(tag: 8, 0x1115) + (isExplicit ? Data("SQ\0\0".utf8) : Data()) + Data(long: -1)
    data += Data(tag: 0xFFFE, 0xE000) + Data(long: -1) + item
    data += Data(tag: 0xFFFE, 0xE00D) + Data(long: 0) + Data(tag: 0xFFFE, 0xE0DD) + Data(long: 0)
    data += text(0x20, 0x0E, "UI", series, isExplicit)
    data += element(0x48, 6, "UL", Data(long: columns), isExplicit)
    return data + element(0x48, 7, "UL", Data(long: rows), isExplicit)
  }

  /// A Python with pydicom, numpy, imagecodecs and OpenSlide 4, which makes slides and reads them.
  public static let python: ExternalTool? = {
    let named = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
    guard let tool = named.flatMap({ ExternalTool($0) }),
      let result = try? tool.run(["-c", "import pydicom, numpy, imagecodecs, openslide"]),
      result.status == 0
    else { return nil }
    return tool
  }()

  /// Makes a slide in a folder, a file a level, each half as wide as the one before: "0.dcm", "1.dcm", ...
  ///
  /// Without `isLossless` tiles are JPEG. A sparse slide lacks the first tile of each level.
  public static func makeSlide(
    in folder: String, width: Int, height: Int, levels: Int = 1, isLossless: Bool = true,
    isSparse: Bool = false
  ) throws {
    let result = try run(
      writer,
      [folder, "\(width)", "\(height)", "\(levels)", "\(isLossless)", "\(isSparse)"])
    guard result.status == 0 else { throw ToolFailure(result.errors) }
  }

  /// Level 0 of a slide as OpenSlide 4 shows it on white, RGB.
  public static func samples(_ path: String, in folder: TemporaryDirectory) throws -> [UInt8] {
    let raw = folder.path("openslide.raw")
    let result = try run(reader, [path, raw])
    guard result.status == 0 else { throw ToolFailure(result.errors) }
    return Array(try Data(contentsOf: URL(filePath: raw)))
  }

  private static func run(_ script: String, _ arguments: [String]) throws -> ExternalTool.Result {
    guard let python else { throw ToolFailure("no Python with pydicom and OpenSlide 4") }
    return try python.run(["-c", script] + arguments)
  }

  private static func text(
    _ group: Int, _ number: Int, _ kind: String, _ text: String, _ isExplicit: Bool = true
  ) -> Data {
    let padded = text.utf8.count % 2 == 0 ? text : text + (kind == "UI" ? "\0" : " ")
    return element(group, number, kind, Data(padded.utf8), isExplicit)
  }

  private static func element(
    _ group: Int, _ number: Int, _ kind: String, _ value: Data, _ isExplicit: Bool = true
  ) -> Data {
    let length = Data(long: value.count)
    return Data(tag: group, number)
      + (isExplicit ? Data(kind.utf8) + length.prefix(2) : length) + value
  }

  private static let reader = """
    import sys, openslide, PIL.Image as I
    s = openslide.OpenSlide(sys.argv[1])
    a = s.read_region((0, 0), 0, s.dimensions)
    w = I.new('RGBA', a.size, 'white'); w.alpha_composite(a)
    open(sys.argv[2], 'wb').write(w.convert('RGB').tobytes())
    """

  private static let writer = """
    import sys, numpy as np, imagecodecs, pydicom
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.sequence import Sequence
    from pydicom.uid import generate_uid
    from pydicom.encaps import encapsulate
    folder, width, height, levels = sys.argv[1], *map(int, sys.argv[2:5])
    lossless, sparse = sys.argv[5] == 'true', sys.argv[6] == 'true'
    y, x = np.mgrid[:height, :width]
    noise = np.random.default_rng(1).integers(0, 30, (height, width))
    image = np.stack([x % 199, y % 211, (x + y) % 180 + noise], -1).astype(np.uint8)
    series, study, frame, side = generate_uid(), generate_uid(), generate_uid(), 128
    for level in range(levels):
        d, meta = Dataset(), FileMetaDataset()
        d.SOPClassUID = meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.77.1.6'
        d.SOPInstanceUID = meta.MediaStorageSOPInstanceUID = generate_uid()
        meta.TransferSyntaxUID = '1.2.840.10008.1.2.1' if lossless else '1.2.840.10008.1.2.4.50'
        d.file_meta, d.Modality, d.SeriesInstanceUID, d.StudyInstanceUID = meta, 'SM', series, study
        d.FrameOfReferenceUID = frame
        d.ImageType = ['DERIVED' if level else 'ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE']
        h, w = image.shape[:2]
        d.TotalPixelMatrixColumns, d.TotalPixelMatrixRows = w, h
        d.Rows = d.Columns = side
        d.SamplesPerPixel, d.PhotometricInterpretation, d.PlanarConfiguration = 3, 'RGB', 0
        d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 8, 8, 7, 0
        d.ImagedVolumeWidth, d.ImagedVolumeHeight, d.ImagedVolumeDepth = width / 2e3, height / 2e3, 1e-3
        measures = Dataset()
        measures.PixelSpacing = [5e-4 * 2 ** level] * 2
        measures.SliceThickness = 1e-3
        shared = Dataset()
        shared.PixelMeasuresSequence = Sequence([measures])
        d.SharedFunctionalGroupsSequence = Sequence([shared])
        padded = np.full((-h % side + h, -w % side + w, 3), 255, np.uint8)
        padded[:h, :w] = image
        tiles, places = [], []
        for top in range(0, h, side):
            for left in range(0, w, side):
                if sparse and left == top == 0: continue
                tiles.append(np.ascontiguousarray(padded[top:top + side, left:left + side]))
                places.append((left, top))
        d.DimensionOrganizationType = 'TILED_SPARSE' if sparse else 'TILED_FULL'
        d.NumberOfFrames = len(tiles)
        if sparse:
            d.PerFrameFunctionalGroupsSequence = Sequence()
            for left, top in places:
                place, group = Dataset(), Dataset()
                place.ColumnPositionInTotalImagePixelMatrix = left + 1
                place.RowPositionInTotalImagePixelMatrix = top + 1
                group.PlanePositionSlideSequence = Sequence([place])
                d.PerFrameFunctionalGroupsSequence.append(group)
        if lossless:
            d.PixelData = b''.join(t.tobytes() for t in tiles)
        else:
            d.LossyImageCompression = '01'
            d.PhotometricInterpretation = 'YBR_FULL_422'
            d.PixelData = encapsulate([imagecodecs.jpeg8_encode(t, level=90) for t in tiles])
            d['PixelData'].is_undefined_length = True
        pydicom.dcmwrite(f'{folder}/{level}.dcm', d, enforce_file_format=True)
        e = image[:h // 2 * 2, :w // 2 * 2].astype(int)
        image = ((e[::2, ::2] + e[1::2, ::2] + e[::2, 1::2] + e[1::2, 1::2] + 2) // 4).astype(np.uint8)
    """
}

extension Data {
  fileprivate init(long value: Int) {
    let bits = UInt32(truncatingIfNeeded: value)
    self.init([0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> $0) })
  }

  fileprivate init(tag group: Int, _ number: Int) {
    self.init([group & 255, group >> 8, number & 255, number >> 8].map(UInt8.init))
  }
}

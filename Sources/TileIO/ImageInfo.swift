public import TesseraPlugin

/// What a file says about its image; sizes are those after orientation has been applied.
public struct ImageInfo: Sendable, Hashable {
  /// How the channels are to be read.
  public enum Color: String, Sendable, Hashable {
    /// One channel of brightness.
    case gray = "grey"
    /// Red, green, blue.
    case rgb
    /// Anything else: fluorescence channels, elevation, more than three bands.
    case other
  }

  /// One level of a pyramid.
  public struct Level: Sendable, Hashable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int

    /// Makes a level.
    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  /// What the pages of a file are.
  public struct PageAxes: Sendable, Hashable {
    /// Slices.
    public let z: Int
    /// Points in time.
    public let t: Int
  }

  /// An embedded profile that pixels are delivered without.
  public struct StoredProfile: Sendable, Hashable {
    /// What it calls itself.
    public let name: String
    /// Its size in bytes.
    public let bytes: Int
  }

  /// The kind of file by its content, such as "Aperio slide" or "PNG".
  public var format: String
  /// Columns of level 0.
  public var width: Int
  /// Rows of level 0.
  public var height: Int
  /// Samples a pixel as they are delivered, alpha included.
  public var channels: Int
  /// Whether the last channel is alpha.
  public var hasAlpha: Bool
  /// How the color channels are to be read.
  public var color: Color
  /// How a sample is delivered.
  public var sampleFormat: SampleFormat
  /// What the file stores, where that differs from what is delivered ("CMYK", "int16", "palette").
  public var storedAs: String?
  /// The levels of the pyramid, level 0 first.
  public var levels: [Level]
  /// Size of a level-0 pixel in µm, horizontally and vertically.
  public var micronsPerPixel: (x: Double, y: Double)? {
    get { mpp.map { ($0.x, $0.y) } }
    set { mpp = newValue.map { Resolution(x: $0.x, y: $0.y) } }
  }
  /// Pixels a millimeter on paper or screen, across and down, of a picture whose resolution is no
  /// microscope's: kept in the output, and never taken for the size of anything in the picture.
  public var printResolution: (x: Double, y: Double)? {
    get { print.map { ($0.x, $0.y) } }
    set { print = newValue.map { Resolution(x: $0.x, y: $0.y) } }
  }
  /// Magnification of the objective, such as 20.
  public var objectivePower: Double?
  /// The ICC profile of the pixels as they are delivered.
  public var iccProfile: [UInt8]?
  /// The profile of the file, where the pixels are brought from it to sRGB.
  public var storedProfile: StoredProfile?
  /// The EXIF orientation found in the file, 1...8, before it was applied.
  public var orientation: Int
  /// Images in the file, levels of a pyramid not counted; the others are not delivered.
  public var pages: Int
  /// The part of level 0 that the scanner has seen, where the file names it.
  public var scannedBounds: PixelRegion?
  /// Of how many slices and points in time the pages are, where the file says so: slices first.
  public var pageAxes: PageAxes?
  /// Whether the file stores the pixels with loss (JPEG, JPEG 2000, WebP).
  public var isLossy: Bool
  /// The classes whose numbers samples are, of which no mean means anything; nil for other samples,
  /// and empty where nothing is known of the classes.
  public var labelClasses: [LabelClass]?
  /// What the channels are called, where the file names them; empty for others.
  public var channelNames: [String] = []
  /// What the channels are called, where samples are measured values; empty for others.
  public var valueNames: [String] = []
  /// Slices of the volume that the image is one of, where all are translated alike.
  public var slices: Int?
  /// Whether samples are numbers of classes.
  public var holdsLabels: Bool { labelClasses != nil }
  /// Whether any window can be read at the price of that window.
  public var isRandomAccess: Bool
  /// The tiles in which level 0 is stored, where it has any: windows along them are read fastest.
  public var storedTile: Level?

  /// The tiles of level 0 that a writer takes over compressed; nil where none can be.
  public var copies: TileCopies?

  /// What whoever opens the file has to know, such as that it is made up; written where the format has
  /// a place for it.
  public var note: String?

  private struct Resolution: Hashable, Sendable {
    var x: Double
    var y: Double
  }
  private var mpp: Resolution?
  private var print: Resolution?

  /// Pixels a millimeter, whatever they are of.
  var pixelsPerMillimeter: (x: Double, y: Double)? {
    micronsPerPixel.map { (1000 / $0.x, 1000 / $0.y) } ?? printResolution
  }

  /// Describes an image of one level.
  public init(
    format: String, width: Int, height: Int, channels: Int, hasAlpha: Bool = false, color: Color,
    sampleFormat: SampleFormat
  ) {
    self.format = format
    self.width = width
    self.height = height
    self.channels = channels
    self.hasAlpha = hasAlpha
    self.color = color
    self.sampleFormat = sampleFormat
    levels = [Level(width: width, height: height)]
    orientation = 1
    pages = 1
    isLossy = false
    isRandomAccess = false
  }

  /// The whole of level 0.
  public var region: PixelRegion { PixelRegion(x: 0, y: 0, width: width, height: height) }

  /// The coarsest level that is a whole number of times finer than an overview reduced by `reduction`, and
  /// how many times.
  func coarsestLevel(dividing reduction: Int) -> (index: Int, remaining: Int) {
    for (index, size) in levels.enumerated().reversed() {
      let downsample = Int(saturating: Double(width) / Double(size.width))
      guard downsample >= 1, downsample <= reduction, reduction % downsample == 0,
        abs(size.width - width / downsample) <= 1, abs(size.height - height / downsample) <= 1
      else { continue }
      return (index, reduction / downsample)
    }
    return (0, reduction)
  }

  /// What is said of the image in the file: its note, and what its classes or channels are called.
  var description: String? {
    let classes = (labelClasses ?? []).enumerated().map { "\($0) \($1.name)" }
    let named = classes.isEmpty ? nil : "Classes: \(classes.joined(separator: ", "))."
    let channels = valueNames.isEmpty ? nil : "Channels: \(valueNames.joined(separator: ", "))."
    let all = [note, named, channels].compactMap(\.self)
    return all.isEmpty ? nil : all.joined(separator: " ")
  }

  /// What a pair is told about the image.
  public var forPairs: ImageDescription {
    var description = ImageDescription(
      width: width, height: height, channels: channels - (hasAlpha ? 1 : 0), format: sampleFormat,
      micronsPerPixel: mpp.map { ($0.x + $0.y) / 2 })
    description.slices = slices
    return description
  }
}

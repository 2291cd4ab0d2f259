/// What training reads and how it varies it, with the names of the official options.
public struct DataOptions: Sendable, Hashable, Codable {
  /// What happens to a picture before it is mirrored (`preprocess`).
  public enum Preprocess: String, Sendable, Hashable, Codable, CaseIterable {
    /// To a square of the load size, then a random square of the crop size.
    case resizeAndCrop = "resize_and_crop"
    /// A random square of the crop size.
    case crop
    /// To the width of the load size, keeping the shape.
    case scaleWidth = "scale_width"
    /// To the width of the load size, then a random square of the crop size.
    case scaleWidthAndCrop = "scale_width_and_crop"
    /// As it is, but for the nearest size that the generator takes.
    case none

    /// Whether a square is cut out.
    var cuts: Bool { self != .scaleWidth && self != .none }
  }

  /// Which domain is the source.
  public enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
    case AtoB, BtoA
  }

  /// Which domain is the source (`direction`).
  public var direction = Direction.AtoB
  /// What happens to a picture first.
  public var preprocess = Preprocess.resizeAndCrop
  /// Side that pictures are resized to (`load_size`), px.
  public var loadSize = 286
  /// Side of the squares that are cut out (`crop_size`), px.
  public var cropSize = 256
  /// Whether pictures are mirrored half of the time (not `no_flip`).
  public var flips = true
  /// Whether pictures are turned by right angles at random.
  public var turns = false
  /// Largest share by which amounts of stain change; 0 changes none.
  public var stainJitter = 0.0
  /// Whether pictures come in the order of their names (`serial_batches`).
  public var isSerial = false
  /// Channels of the source; nil takes those of its first picture (`input_nc`).
  public var sourceChannels: Int?
  /// Channels of the target; nil takes those of its first picture (`output_nc`).
  public var targetChannels: Int?
  /// Source values that become -1 and 1; nil maps black and white.
  public var sourceWindow: [Float]?
  /// The same for the target.
  public var targetWindow: [Float]?
  /// Classes of label maps (`label_nc`); nil takes those that are found, 0 reads pictures instead.
  public var labelClasses: Int?
  /// Colours of classes: `auto` finds them, else a JSON file.
  public var palette = "auto"
  /// Whether maps of instances are used where there are some (not `no_instance`).
  public var usesInstances = true
  /// Crops that an epoch takes of a slide.
  public var cropsPerSlide = 100

  /// Makes the defaults of Pix2Pix and CycleGAN.
  public init() {}
}

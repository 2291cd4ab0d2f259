/// What training reads and how it varies it, with the names of the official options.
package struct DataOptions: Sendable, Hashable, Codable {
  /// What happens to a picture before it is mirrored (`preprocess`).
  package enum Preprocess: String, Sendable, Hashable, Codable, CaseIterable {
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
  package enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
    case AtoB, BtoA
  }

  /// Which domain is the source (`direction`).
  package var direction = Direction.AtoB
  /// What happens to a picture first.
  package var preprocess = Preprocess.resizeAndCrop
  /// Side that pictures are resized to (`load_size`), px.
  package var loadSize = 286
  /// Side of the squares that are cut out (`crop_size`), px.
  package var cropSize = 256
  /// Whether pictures are mirrored half of the time (not `no_flip`).
  package var flips = true
  /// Whether pictures are turned by right angles at random.
  package var turns = false
  /// Largest share by which amounts of stain change; 0 changes none.
  package var stainJitter = 0.0
  /// Whether pictures come in the order of their names (`serial_batches`).
  package var isSerial = false
  /// Channels of the source; nil takes those of its first picture (`input_nc`).
  package var sourceChannels: Int?
  /// Channels of the target; nil takes those of its first picture (`output_nc`).
  package var targetChannels: Int?
  /// Source values that become -1 and 1; nil maps black and white.
  package var sourceWindow: [Float]?
  /// The same for the target.
  package var targetWindow: [Float]?
  /// Classes of label maps (`label_nc`); nil takes those that are found, 0 reads pictures instead.
  package var labelClasses: Int?
  /// Colors of classes: `auto` finds them, else a JSON file.
  package var palette = "auto"
  /// Whether maps of instances are used where there are some (not `no_instance`).
  package var usesInstances = true
  /// Pictures, patients or slides of each domain that are held out where there is no folder for
  /// validation; nil holds out about a tenth.
  package var holdOut: Int?
  /// Crops that an epoch takes of a slide.
  package var cropsPerSlide = 100

  /// Makes the defaults of Pix2Pix and CycleGAN.
  package init() {}
}

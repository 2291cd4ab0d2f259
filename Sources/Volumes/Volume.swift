/// Samples on a grid in the patient, as f32: HU for CT, arbitrary units for MRI.
public struct Volume: Sendable {
  /// Where the samples lie.
  public var geometry: VolumeGeometry
  /// One a place, the first axis fastest; rescaled to physical units.
  public var samples: [Float]
  /// How the file holds them.
  public var storedAs: SampleType
  /// DICOM's code of the kind of machine, "CT" or "MR"; nil where the file does not say.
  public var modality: String?
  /// The DICOM files it was read from, by slice; empty for other formats.
  public var sources: [String]
  /// The file or folder it was read from, or what else to call it in messages.
  public var name: String

  /// Makes a volume; `samples` has as many numbers as the geometry has places.
  public init(
    geometry: VolumeGeometry, samples: [Float], storedAs: SampleType = .float32,
    modality: String? = nil, sources: [String] = [], name: String = "volume"
  ) {
    precondition(
      samples.count == geometry.count, "\(samples.count) samples for \(geometry.size)")
    self.geometry = geometry
    self.samples = samples
    self.storedAs = storedAs
    self.modality = modality
    self.sources = sources
    self.name = name
  }

  /// The sample at a place.
  public subscript(x: Int, y: Int, z: Int) -> Float {
    get { samples[(z * geometry.size.y + y) * geometry.size.x + x] }
    set { samples[(z * geometry.size.y + y) * geometry.size.x + x] = newValue }
  }
}

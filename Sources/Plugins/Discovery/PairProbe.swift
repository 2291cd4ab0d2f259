public import Base
import Inference
public import TesseraPlugin
import Translation

/// A pair with a picture to try it on.
public struct PairProbe {
  /// The pair, started.
  public let pair: any DomainPair
  /// Why a network has no footprint, where it has none.
  private var crossFaded: String?

  /// Starts a pair: loads its network, prepares its program.
  public init(_ found: CatalogedPair, threads: Int = 1) throws {
    switch found.source {
    case .ready(let pair): self.pair = pair
    case .process(let manifest, let folder, let files):
      pair = try ProcessPair(manifest, folder: folder, files: files, copies: threads)
    case .model(_, let folder):
      let engine = try InferenceEngine()
      let package = try ModelPackage.open(folder.path, engine: engine)
      if package.footprint == nil { crossFaded = package.obstacle?.description ?? "" }
      pair = try NetworkPair(
        package, settings: NetworkSettings(threads: threads), engine: engine,
        pool: WorkerPool(count: threads))
    }
  }

  /// What its translator reads around a pixel, in words.
  public var footprint: String {
    get throws {
      let options = try PairOptions(declared: pair.description.declaredOptions)
      let reach: Footprint
      if let crossFaded {
        return "windows are cross-faded: \(crossFaded)"
      } else if let known = try pair.footprint(options: options) {
        reach = known
      } else {
        let picture = TestPicture(pair.description, width: 256, height: 256)
        let calibration = try pair.calibrate(
          picture.overview, options: options, reference: nil)
        guard case .translate(let translator) = calibration.outcome else {
          return "depends on the image"
        }
        reach = translator.footprint
      }
      let scale = pair.description.scale
      return "halo \(reach.halo) px, alignment \(reach.alignment) px"
        + (scale == .one ? "" : ", scale \(scale.numerator)/\(scale.denominator)")
    }
  }
}

/// A number that two images of the same scene have.
public enum PairedMetric: String, Sendable, Hashable, Codable, CaseIterable {
  case psnr
  case ssim
  case msSSIM = "ms-ssim"
  case mae
  case rmse
  case nmi
  case graySSIM = "grey-ssim"
  case edgeSSIM = "edge-ssim"
  case deltaE = "delta-e"
  case deltaE76 = "delta-e-76"
  case lpips
  case huMAE = "hu-mae"
  case huPSNR = "hu-psnr"
  case huMSSSIM = "hu-ms-ssim"
  case accuracy
  case dice
  case iou

  /// Whether a greater number means more alike.
  public var isBetterHigher: Bool {
    switch self {
    case .psnr, .ssim, .msSSIM, .nmi, .graySSIM, .edgeSSIM, .huPSNR, .huMSSSIM, .accuracy, .dice,
      .iou:
      true
    case .mae, .rmse, .deltaE, .deltaE76, .lpips, .huMAE: false
    }
  }

  /// Whether it tells how much of the content was kept, whatever the colors.
  public var isOfContent: Bool { self == .graySSIM || self == .edgeSSIM }

  /// Whether it needs red, green and blue.
  public var needsColor: Bool { self == .deltaE || self == .deltaE76 }

  /// Whether it looks at CT in Hounsfield units.
  public var isHounsfield: Bool { self == .huMAE || self == .huPSNR || self == .huMSSSIM }

  /// Whether it compares the numbers of classes in label maps.
  public var isOfLabels: Bool { self == .accuracy || self == .dice || self == .iou }

  /// What it means, in a line.
  public var meaning: String {
    switch self {
    case .psnr: "10 log10 of the squared data range over the mean squared error, in dB"
    case .ssim: "structural similarity, windows of 11 px, mean of the channels; 1 = the same"
    case .msSSIM: "structural similarity over five scales; 1 = the same"
    case .mae: "mean absolute difference of all samples, in levels"
    case .rmse: "root mean square difference of all samples, in levels"
    case .nmi: "mutual information of the levels, normalised; 1 = none, 2 = all"
    case .graySSIM: "structural similarity of the luminance: structure kept; 1 = the same"
    case .edgeSSIM: "structural similarity of the edges: content kept; 1 = the same"
    case .deltaE: "mean colour difference, CIEDE2000; 1 is just visible"
    case .deltaE76: "mean distance in CIE Lab"
    case .lpips: "distance of a network's features, weighted by people's judgement; 0 = the same"
    case .accuracy: "share of the pixels that have the class of the target"
    case .dice: "Dice coefficient, mean of the classes that either image has; 1 = the same"
    case .iou: "intersection over union, mean of the classes that either image has; 1 = the same"
    case .huMAE: "mean absolute error inside the body, in HU, as SynthRAD 2025"
    case .huPSNR: "PSNR inside the body, clipped, as SynthRAD 2025, in dB"
    case .huMSSSIM: "three-dimensional MS-SSIM inside the body, as SynthRAD 2025"
    }
  }
}

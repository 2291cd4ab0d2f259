import Color

/// Whose conventions are followed where packages differ.
enum Conventions: String, CaseIterable, Sendable {
  /// This package's own: fitted inside the tissue mask of a whole slide.
  case tessera
  /// torchstain 1.4, NumPy backend.
  case torchstain
  /// tiatoolbox 2.1.
  case tiatoolbox
  /// StainTools 2.1.
  case staintools

  /// The methods that the package has.
  var methods: [StainMethod] {
    switch self {
    case .tessera, .tiatoolbox: StainMethod.allCases
    case .torchstain: [.macenko, .reinhard]
    case .staintools: [.macenko, .reinhard, .vahadane]
    }
  }

  /// From intensity to optical density and back.
  var density: OpticalDensity {
    switch self {
    case .tessera: .standard
    case .torchstain: OpticalDensity(white: 240, offset: 1)
    case .tiatoolbox, .staintools: OpticalDensity(white: 255, floor: 1e-6)
    }
  }

  /// What becomes of the fraction of a level.
  var rounding: Rounding { self == .tessera ? .nearest : .truncating }

  /// The penalty of the non-negative unmixing, where the package uses one.
  var unmixingPenalty: Double? { self == .staintools ? 0.01 : nil }

  /// Whether the color of glass is measured and kept.
  var keepsGlass: Bool { self == .tessera }

  /// Whether Lab is what OpenCV makes of 8 bits, itself rounded to 8 bits.
  var usesByteLab: Bool { self == .tiatoolbox || self == .staintools }
}

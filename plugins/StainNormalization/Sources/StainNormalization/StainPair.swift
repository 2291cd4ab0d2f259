import Color

/// The two stains of a slide.
enum StainPair: String, CaseIterable, Sendable {
  /// Haematoxylin and eosin, whose vectors are measured.
  case he
  /// Haematoxylin and DAB.
  case hdab
  /// Haematoxylin and AEC.
  case haec
  /// Haematoxylin and the magenta of periodic acid-Schiff.
  case hpas
  /// Methylene blue and eosin, as in Giemsa's and other Romanowsky stains.
  case giemsa
  /// Methyl blue and ponceau fuchsin, Masson's trichrome.
  case masson

  /// What the stains are called.
  var names: (String, String) {
    switch self {
    case .he: ("haematoxylin", "eosin")
    case .hdab: ("haematoxylin", "DAB")
    case .haec: ("haematoxylin", "AEC")
    case .hpas: ("haematoxylin", "PAS")
    case .giemsa: ("methylene blue", "eosin")
    case .masson: ("methyl blue", "ponceau fuchsin")
    }
  }

  /// The vectors of a slide that is not H&E, of unit length, as ImageJ's Colour Deconvolution (Landini)
  /// and QuPath have them; nil for H&E.
  var vectors: StainMatrix? {
    let haematoxylin = SIMD3(0.650, 0.704, 0.286)
    let vectors: (SIMD3<Double>, SIMD3<Double>)
    switch self {
    case .he: return nil
    case .hdab: vectors = (haematoxylin, SIMD3(0.268, 0.570, 0.776))
    case .haec: vectors = (haematoxylin, SIMD3(0.2743, 0.6796, 0.6803))
    case .hpas: vectors = (SIMD3(0.644, 0.717, 0.267), SIMD3(0.175, 0.972, 0.155))
    case .giemsa: vectors = (SIMD3(0.835, 0.514, 0.196), SIMD3(0.093, 0.954, 0.283))
    case .masson: vectors = (SIMD3(0.800, 0.591, 0.105), SIMD3(0.100, 0.737, 0.668))
    }
    return StainMatrix(haematoxylin: vectors.0.unit, eosin: vectors.1.unit)
  }
}

import TesseraPlugin

/// Finds out what a translator reads for a core, and whether a core is the same in all windows.
struct FootprintProbe {
  /// The translator and its picture.
  let driver: WindowDriver
  /// Ways to change what is not to be read, of those that ``PicturePattern`` has.
  var variants = Array(0..<PicturePattern.variants)

  /// Ways that tell most, for where there is time for few.
  static let fewVariants = [0, 5]

  /// Side of the core that is probed.
  static let core = 16

  private var format: String { driver.picture.format.rawValue }
  private var declared: Int { driver.translator.footprint.halo }

  /// Changes everything beyond the halo of the core at a place, in a window that reaches `reach` px
  /// beyond it, and finds how far away pixels count.
  func perturb(at x: Int, _ y: Int, reach: Int) throws -> Int {
    let place = driver.place(at: x, y, core: Self.core, halo: reach)
    let expected = try driver.run(place)
    func counts(beyond distance: Int) throws(PairError) -> Bool {
      let kept = driver.readable(for: place.core, reach: distance)
      for variant in variants {
        let other = driver.picture.changed(keeping: kept, variant: variant)
        if try driver.run(place, on: other) != expected { return true }
      }
      return false
    }
    let isUnderstated = try counts(beyond: driver.halo)
    // The smallest distance beyond which nothing counts; that it is one, the order of distances says.
    var low = isUnderstated ? driver.halo + 1 : 0
    let end = min(place.core.farthest(in: driver.size), place.core.farthest(in: place.window))
    var high = isUnderstated ? end : driver.halo
    while low < high {
      let middle = (low + high) / 2
      if try counts(beyond: middle) { low = middle + 1 } else { high = middle }
    }
    guard isUnderstated else { return low }
    let smallest =
      low >= end
      ? "reads as far as the test picture goes, \(end) px away: its result depends on the whole"
        + " window, which no halo makes right"
      : "reads \(low) px away: declare a halo of \(low)"
    throw ConformanceFault.failed("\(format): declares a halo of \(declared) px, \(smallest)")
  }

  /// Computes one core in windows that end elsewhere, the largest of which reach so far.
  func compareExtents(at x: Int, _ y: Int, reach: Int) throws {
    let own = driver.place(at: x, y, core: Self.core)
    let expected = try driver.run(own)
    let step = max(driver.translator.footprint.alignment, 16)
    let small = max(driver.halo, (own.window.width - Self.core) / 2) + step
    for halo in [small, max(reach, small + step)] {
      let other = driver.place(at: x, y, core: Self.core, halo: halo)
      guard
        let difference = SampleDifference(
          expected, try driver.run(other), driver.outputFormat)
      else { continue }
      throw ConformanceFault.failed(
        "\(format): the core \(own.core) comes out differently in the"
          + " window \(own.window) than in \(other.window), though no pixel beyond its halo of"
          + " \(declared) px counts: \(difference); it must not treat the end of a window as that of"
          + " the image")
    }
  }

  /// Computes a core of `large` px at a place and cores of `small` px within it.
  func compareCores(at x: Int, _ y: Int, large: Int, small: Int) throws {
    let whole = driver.place(at: x, y, core: large)
    let expected = try driver.run(whole)
    let core = whole.core
    // The corners, the middle, and places between.
    let columns = [0, core.width / 3, core.width / 2, core.width - 1]
    let rows = [0, core.height / 2, core.height * 2 / 3, core.height - 1]
    for row in rows {
      for column in columns {
        let part = driver.place(at: core.x + column, core.y + row, core: small)
        guard part.core.intersection(core) == part.core else { continue }
        guard
          let difference = SampleDifference(
            driver.part(part, of: expected, whole), try driver.run(part), driver.outputFormat)
        else { continue }
        throw ConformanceFault.failed(
          "\(format): the core \(part.core) comes out differently as part of the core \(core):"
            + " \(difference); a core must not depend on its size or on where it begins")
      }
    }
  }
}

extension PixelRegion {
  /// How far the farthest pixel of `image` is away.
  func farthest(in image: PixelRegion) -> Int {
    max(
      x - image.x, y - image.y, image.x + image.width - x - width,
      image.y + image.height - y - height)
  }
}

/// The stained section of one slide: what every scanner look shares.
struct Section: Sendable {
  let map: TissueMap
  let rings: RingLattice
  let fat: AdipocyteLattice
  let cells: CellLattice
  let fibres: LatticeNoise
  let shading: LatticeNoise
  let texture: TextureTile

  init(width: Int, height: Int, seed: UInt64, share: Double) {
    let mixed = (seed ^ (seed >> 31)) &* 0x9E37_79B9_7F4A_7C15
    let seed = UInt32(truncatingIfNeeded: mixed ^ (mixed >> 32))
    map = TissueMap(width: width, height: height, seed: seed, share: share)
    rings = RingLattice(map: map, seed: seed)
    fat = AdipocyteLattice(map: map, seed: seed)
    cells = CellLattice(map: map, seed: seed)
    fibres = LatticeNoise(seed: seed &+ 0x8000_000F)
    shading = LatticeNoise(seed: seed &+ 0x9000_0011)
    texture = TextureTile(seed: seed &+ 0xA000_0013)
  }
}

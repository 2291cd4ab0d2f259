extension SectionPainter {
  /// Wavy fibres with clefts, paler where lymphocytes lie, frayed at the outline.
  func paintStroma(_ y: Int) {
    let along = rows[.along]
    let across = rows[.across]
    let looseness = rows[.looseness]
    let lymphocytes = rows[.lymphocytes]
    let depth = rows[.depth]
    let noise = section.fibres
    let fine = rows.fine
    let bundle = rows.bundle
    let mottle = rows.mottle
    let xs = rows[.displacedX]
    let ys = rows[.displacedY]
    for x in 0..<SectionRows.side {
      fine[x] = noise(along[x] * (1 / 40), across[x] * (1 / 6))
      bundle[x] = noise(along[x] * (1 / 150) + 71.3, across[x] * (1 / 19) + 13.7)
      mottle[x] = noise(xs[x] * (1 / 17) + 29.7, ys[x] * (1 / 17) - 5.9)
    }
    let edge = 1 / (2.5 * softness)
    for x in 0..<SectionRows.side {
      let strands = 0.62 * bundle[x] + 0.38 * fine[x]
      let lymphoid = lymphocytes[x]
      let packed = 0.55 + 0.9 * strands - 0.32 * looseness[x] + 0.1 * lymphoid + 0.2 * mottle[x]
      let gap = lymphoid * smoothStep(1.8 * mottle[x] - 0.1)
      let fibre = (0.04 + 0.96 * smoothStep(packed * 3.2)) * (1 - 0.75 * gap)
      let eosin = 0.56 + 0.34 * strands + 0.08 * mottle[x] - 0.08 * looseness[x]
      rows.eosin[x] = fibre * (eosin + (0.3 + 0.1 * strands - eosin) * lymphoid)
      rows.hematoxylin[x] = fibre * (0.1 + 0.06 * mottle[x] - 0.04 * bundle[x] + 0.12 * lymphoid)
      rows.coverage[x] = smoothStep((depth[x] + 8 * fine[x] + 5 * bundle[x]) * edge)
    }
  }

  /// Empty adipocytes behind thin membranes.
  func paintFat(_ y: Int) {
    let xs = rows[.displacedX]
    let ys = rows[.displacedY]
    // The rows of the rings are free until those are painted.
    let nearest = rows.ringDepth
    let second = rows.ringWall
    let grows = rows.ringTint
    nearest.update(repeating: .greatestFiniteMagnitude, count: SectionRows.side)
    second.update(repeating: .greatestFiniteMagnitude, count: SectionRows.side)
    for seed in decidingFat {
      for x in 0..<SectionRows.side {
        let dx = xs[x] - seed.center.x
        let dy = ys[x] - seed.center.y
        let distance = dx * dx + dy * dy
        let before = nearest[x]
        second[x] = min(second[x], max(before, distance))
        grows[x] = distance < before ? seed.grows : grows[x]
        nearest[x] = min(before, distance)
      }
    }
    let edge = 1 / (1.4 * softness)
    for x in 0..<SectionRows.side {
      let radius = nearest[x].squareRoot()
      let gap = (second[x].squareRoot() - radius) * 0.5 - AdipocyteLattice.membrane
      let depth = min(gap, AdipocyteLattice.radius - radius)
      let hole = 1 - 0.985 * grows[x] * smoothStep(depth * edge)
      rows.hematoxylin[x] *= hole
      rows.eosin[x] *= hole
    }
  }

  /// Epithelium around lumina and the walls of vessels.
  func paintRings(_ y: Int) {
    let xs = rows[.displacedX]
    let ys = rows[.displacedY]
    let best = rows.ringDepth
    let wall = rows.ringWall
    let tint = rows.ringTint
    let isVessel = rows.ringIsVessel
    best.update(repeating: -64, count: SectionRows.side)
    for ring in rings {
      let outside: Float = ring.kind == .vessel ? ring.wall : 0
      let vessel: Float = ring.kind == .vessel ? 1 : 0
      for x in 0..<SectionRows.side {
        let depth = ring.depth([xs[x], ys[x]]) + outside
        let wins = depth > best[x]
        best[x] = wins ? depth : best[x]
        wall[x] = wins ? ring.wall : wall[x]
        tint[x] = wins ? ring.tint : tint[x]
        isVessel[x] = wins ? vessel : isVessel[x]
      }
    }
    let edge = 1 / (1.3 * softness)
    let fine = rows.fine
    let bundle = rows.bundle
    let mottle = rows.mottle
    for x in 0..<SectionRows.side {
      let depth = best[x] + 2.5 * mottle[x]
      let inside = smoothStep(depth * edge)
      let lumen = smoothStep((depth - wall[x] + 2 * fine[x]) * edge)
      // A basement membrane outside of the epithelium, and its brush border inside.
      let membrane = max(0, 1 - abs(depth + 3) * 0.25)
      let border = max(0, 1 - abs(depth - wall[x] + 3) * 0.22)
      let vessel = isVessel[x]
      let apical = min(1, max(0, depth * (1 / 70)))
      let cellHematoxylin = (0.34 - 0.12 * apical + 0.05 * border + 0.07 * mottle[x]) * tint[x]
      let vacuole = 1 - 0.7 * smoothStep(3 * mottle[x] - 1.6)
      let cellEosin = (0.36 + 0.06 * apical + 0.16 * border - 0.09 * mottle[x]) * vacuole
      let wallEosin = 0.6 + 0.12 * fine[x]
      let secretion = max(0, 0.6 * mottle[x] + 0.5 * bundle[x] - 0.2) * 0.3 * (tint[x] - 0.84) * 3
      let h = cellHematoxylin * vacuole + (0.12 - cellHematoxylin * vacuole) * vessel
      let e = cellEosin + (wallEosin - cellEosin) * vessel
      let ringHematoxylin = h + (0.01 + secretion * (1 - vessel) - h) * lumen
      let ringEosin = e + (0.02 + secretion + 0.06 * vessel - e) * lumen
      let around = membrane * (1 - vessel) * (1 - inside)
      let outsideEosin = rows.eosin[x] + 0.2 * around
      rows.hematoxylin[x] += (ringHematoxylin - rows.hematoxylin[x]) * inside
      rows.eosin[x] = outsideEosin + (ringEosin - outsideEosin) * inside
    }
  }
}

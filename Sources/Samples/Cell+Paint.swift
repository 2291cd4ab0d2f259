extension Cell {
  /// Lays the cell over `count` pixels of a row, the first of which lies (`dx`, `dy`) from its center.
  @inline(__always)
  func paint(
    hematoxylin rowH: SectionRows.Row, eosin rowE: SectionRows.Row, count: Int, dx: Float,
    dy: Float, texture tile: UnsafePointer<Float>, softness: Float
  ) {
    let constant = form.z * dy * dy
    let linear = form.y * dy
    let edge = radius / (2 * softness)
    let spotY = (dy - nucleolus.place.y) * (dy - nucleolus.place.y)
    for index in 0..<count {
      let x = dx + Float(index)
      let spotX = x - nucleolus.place.x
      let spot = nucleolus.strength * max(0, 1 - (spotX * spotX + spotY) * (1 / 14))
      let grain = tile[index]
      let square = (form.x * x + linear) * x + constant + 0.045 * grain
      // 1 - r² over 2 is nearly the distance to the outline in radii.
      let cover = smoothStep((1 - square) * edge + 0.5)
      let body = 1 + rim * (min(1, square) - 0.6)
      let h = hematoxylin * body * (1 + texture * grain + spot)
      let e = eosin * body
      rowH[index] += (h - rowH[index]) * cover
      rowE[index] += (e - rowE[index]) * cover
    }
  }
}

import Base
internal import CVips

/// One stored resolution of a file and how libvips is asked for it.
struct VipsLevel: Sendable {
  enum Kind: Sendable {
    case first(page: Int)
    case slideLevel(Int)
    case page(Int)
    /// A smaller version that belongs to a page.
    case subIFD(Int, page: Int)
  }

  let path: String
  let loader: String
  let kind: Kind

  func open(access: VipsAccess) throws(TesseraError) -> VipsImage {
    try VipsImage.make(path, "opening") { out in
      switch kind {
      case .first(page: 0):
        return isSlide
          ? cvips_load_slide(path, access, 0, &out) : cvips_load(loader, path, access, &out)
      case .first(let page): return cvips_load_page(loader, path, access, Int32(page), &out)
      case .slideLevel(let level): return cvips_load_slide(path, access, Int32(level), &out)
      case .page(let page): return cvips_load_page(loader, path, access, Int32(page), &out)
      case .subIFD(let index, let page):
        return cvips_load_subifd(loader, path, access, Int32(page), Int32(index), &out)
      }
    }
  }

  var isSlide: Bool { loader.hasPrefix("VipsForeignLoadOpenslide") }
}

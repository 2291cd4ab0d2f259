import Base
internal import CVips

/// One stored resolution of a file and how libvips is asked for it.
struct VipsLevel: Sendable {
  enum Kind: Sendable {
    case first(page: Int)
    case slideLevel(Int)
    case page(Int)
    case subIFD(Int)
  }

  let path: String
  let loader: String
  let kind: Kind

  func open(access: VipsAccess) throws(TesseraError) -> VipsImage {
    try VipsImage.make(path, "opening") { out in
      switch kind {
      case .first(page: 0):
        return isSlide
          ? cvips_load_slide(path, access, 0, &out) : cvips_load(loader, path, access, nil, 0, &out)
      case .first(let page): return cvips_load(loader, path, access, "page", Int32(page), &out)
      case .slideLevel(let level): return cvips_load_slide(path, access, Int32(level), &out)
      case .page(let page): return cvips_load(loader, path, access, "page", Int32(page), &out)
      case .subIFD(let index): return cvips_load(loader, path, access, "subifd", Int32(index), &out)
      }
    }
  }

  var isSlide: Bool { loader.hasPrefix("VipsForeignLoadOpenslide") }
}

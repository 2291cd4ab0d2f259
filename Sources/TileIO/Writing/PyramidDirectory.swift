internal import CTIFF
import TesseraPlugin

/// Sets the tags of the directories of a pyramid.
struct PyramidDirectory {
  let plan: PyramidPlan
  /// JPEG tables that all tiles share, and those of level 0.
  let tables: [UInt8]
  let firstTables: [UInt8]

  /// Describes a level; what is not set here libtiff leaves out.
  func setTags(of file: TIFFFile, level number: Int) {
    let level = plan.levels[number]
    // Readers of Aperio slides take a page marked as reduced for the label.
    let isReduced = number > 0 && plan.profile != .aperio
    setCommonTags(
      of: file, level: level, subfileType: isReduced ? FILETYPE_REDUCEDIMAGE : 0,
      tables: number == 0 ? firstTables : tables)
    _ = ctiff_set_u32(file.tiff, UInt32(TIFFTAG_TILEWIDTH), UInt32(plan.tileSize))
    _ = ctiff_set_u32(file.tiff, UInt32(TIFFTAG_TILELENGTH), UInt32(plan.tileSize))
    switch plan.profile {
    case .generic:
      if number == 0, let note = plan.info.description { setDescription(of: file, note) }
    case .aperio:
      setDescription(of: file, AperioDescription(plan: plan).text(level: number))
    case .ome:
      guard number == 0 else { return }
      setDescription(of: file, OMEDescription(plan: plan).text)
      // Zeros are placeholders: libtiff fills them in as it writes the next directories.
      let offsets = [UInt64](repeating: 0, count: plan.levels.count - 1)
      guard !offsets.isEmpty else { return }
      _ = ctiff_set_offsets(file.tiff, UInt32(TIFFTAG_SUBIFD), UInt16(offsets.count), offsets)
    }
  }

  /// Describes the thumbnail of an Aperio slide: one strip.
  func setThumbnailTags(of file: TIFFFile, level number: Int) {
    let level = plan.levels[number]
    setCommonTags(of: file, level: level, subfileType: 0, tables: tables)
    _ = ctiff_set_u32(file.tiff, UInt32(TIFFTAG_ROWSPERSTRIP), UInt32(level.height))
    setDescription(of: file, AperioDescription(plan: plan).thumbnailText(level: number))
  }

  private func setCommonTags(
    of file: TIFFFile, level: PyramidPlan.Level, subfileType: Int32, tables: [UInt8]
  ) {
    let tiff = file.tiff
    _ = ctiff_set_u32(tiff, UInt32(TIFFTAG_SUBFILETYPE), UInt32(subfileType))
    plan.layout.setTags(of: tiff, width: level.width, height: level.height)
    plan.compression.setTags(of: tiff, layout: plan.layout, tables: tables)
    setDescription(of: file, "Tessera \(TesseraVersion.current)", tag: TIFFTAG_SOFTWARE)
    if let resolution = plan.info.pixelsPerMillimeter {
      // A pixel of a level covers several of level 0. Prints are told in dpi, slides in px/cm.
      let across = Double(plan.info.width) / Double(level.width)
      let down = Double(plan.info.height) / Double(level.height)
      let isPrint = plan.info.micronsPerPixel == nil
      let unit = isPrint ? 25.4 : 10
      _ = ctiff_set_u16(
        tiff, UInt32(TIFFTAG_RESOLUTIONUNIT),
        UInt16(isPrint ? RESUNIT_INCH : RESUNIT_CENTIMETER))
      _ = ctiff_set_double(tiff, UInt32(TIFFTAG_XRESOLUTION), unit * resolution.x / across)
      _ = ctiff_set_double(tiff, UInt32(TIFFTAG_YRESOLUTION), unit * resolution.y / down)
    }
    if let profile = plan.info.iccProfile, !profile.isEmpty {
      _ = ctiff_set_bytes(tiff, UInt32(TIFFTAG_ICCPROFILE), UInt32(profile.count), profile)
    }
  }

  private func setDescription(
    of file: TIFFFile, _ text: String, tag: Int32 = TIFFTAG_IMAGEDESCRIPTION
  ) {
    _ = ctiff_set_string(file.tiff, UInt32(tag), text)
  }
}

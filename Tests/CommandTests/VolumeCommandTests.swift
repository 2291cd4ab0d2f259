import Foundation
import TestSupport
import Testing

/// Python with the packages that results are compared with.
private let volumeOracle = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
  .flatMap { ExternalTool($0) }

/// Volumes from end to end, with nibabel and pydicom to say where results lie.
@Suite(.enabled(if: volumeOracle != nil, "TESSERA_ORACLE_PYTHON is not set"))
struct VolumeCommandTests {
  private func python(_ program: String, _ arguments: String...) throws -> String {
    guard let oracle = volumeOracle else { return "" }
    let result = try oracle.run(["-c", program] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// An ellipsoid of tissue with bone around it, brighter to one side, oblique, as NIfTI.
  private static let head = """
    import sys, numpy, nibabel
    x, y, z = numpy.meshgrid(*[numpy.linspace(-1, 1, n) for n in (40, 46, 36)], indexing='ij')
    r = numpy.sqrt(x * x + y * y + z * z)
    data = numpy.where(r < 0.85, 600 + 200 * x, 0) + numpy.where(r < 0.6, 300, 0)
    a = numpy.deg2rad(12)
    turn = numpy.array([[numpy.cos(a), -numpy.sin(a), 0], [numpy.sin(a), numpy.cos(a), 0], [0, 0, 1]])
    affine = numpy.eye(4)
    affine[:3, :3] = turn @ numpy.diag([-3.1, 2.7, 4.3])
    affine[:3, 3] = [55.5, -60.25, -71.125]
    image = nibabel.Nifti1Image(data.astype(numpy.int16), affine)
    image.header.set_xyzt_units('mm')
    nibabel.save(image, sys.argv[1])
    """

  private static let compare = """
    import sys, numpy, nibabel
    a, b = [nibabel.load(p) for p in sys.argv[1:]]
    d = numpy.asarray(b.dataobj)
    print(a.shape == b.shape, numpy.abs(a.affine - b.affine).max() < 1e-5, b.get_data_dtype(),
      d.min() == -1024, d[0, 0, 0] == -1024, d.max() <= 2000, 'SYNTHETIC' in str(b.header['descrip']))
    """

  @Test func `MRI becomes CT on the same oblique grid, whole numbers with air around the head`()
    throws
  {
    let directory = try TemporaryDirectory()
    let (mri, ct) = (directory.path("mri.nii.gz"), directory.path("ct.nii.gz"))
    _ = try python(Self.head, mri)
    let result = try TesseraProgram.run(["translate", mri, "--pair", "mri-to-ct", "--output", ct])
    #expect(result.status == 0, "\(result.errors)")
    let found = try python(Self.compare, mri, ct)
    #expect(found == "True True int16 True True True True")
    // The same again, and not without being asked to.
    let again = try TesseraProgram.run(["translate", mri, "--pair", "mri-to-ct", "--output", ct])
    #expect(again.status == 64)
  }

  private static let series = """
    import sys, os, numpy, pydicom
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import generate_uid, ExplicitVRLittleEndian
    folder = sys.argv[1]
    os.makedirs(folder)
    study, series, frame = generate_uid(), generate_uid(), generate_uid()
    y, x = numpy.mgrid[-1:1:44j, -1:1:40j]
    for z in range(30):
      s = Dataset()
      s.file_meta = FileMetaDataset()
      s.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
      s.file_meta.MediaStorageSOPClassUID = s.SOPClassUID = '1.2.840.10008.5.1.4.1.1.4'
      s.file_meta.MediaStorageSOPInstanceUID = s.SOPInstanceUID = generate_uid()
      s.Modality, s.PatientName, s.PatientID = 'MR', 'Phantom^Head', 'P1'
      s.StudyInstanceUID, s.SeriesInstanceUID, s.FrameOfReferenceUID = study, series, frame
      s.InstanceNumber = 30 - z
      s.ImagePositionPatient = [-50.5, -61.25, -70 + 3.5 * z]
      s.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
      s.PixelSpacing, s.SliceThickness = [2.75, 2.5], 3.5
      s.Rows, s.Columns, s.SamplesPerPixel = 44, 40, 1
      s.PhotometricInterpretation, s.PixelRepresentation = 'MONOCHROME2', 0
      s.BitsAllocated, s.BitsStored, s.HighBit = 16, 16, 15
      w = (z - 14.5) / 15
      r = numpy.sqrt(x * x + y * y + w * w)
      data = numpy.where(r < 0.85, 600 + 200 * x, 0) + numpy.where(r < 0.6, 300, 0)
      s.PixelData = data.astype(numpy.uint16).tobytes()
      s.save_as(os.path.join(folder, 'IM%03d' % (97 * z % 101)), write_like_original=False)
    """

  private static let compareSeries = """
    import sys, os, numpy, pydicom
    def read(folder):
      s = [pydicom.dcmread(os.path.join(folder, n)) for n in os.listdir(folder)]
      return sorted(s, key=lambda s: float(s.ImagePositionPatient[2]))
    a, b = [read(f) for f in sys.argv[1:]]
    same = all(numpy.allclose(p.ImagePositionPatient, q.ImagePositionPatient, atol=1e-6)
      and numpy.allclose(p.ImageOrientationPatient, q.ImageOrientationPatient, atol=1e-6)
      and numpy.allclose(p.PixelSpacing, q.PixelSpacing, atol=1e-6) for p, q in zip(a, b))
    first = b[0]
    hu = first.pixel_array * float(first.RescaleSlope) + float(first.RescaleIntercept)
    print(len(a) == len(b), same, first.Modality, first.PatientID, hu[0, 0] == -1024,
      first.StudyInstanceUID == a[0].StudyInstanceUID, first.SeriesInstanceUID != a[0].SeriesInstanceUID,
      'SYNTHETIC' in first.DerivationDescription)
    """

  @Test func `an MR series becomes a CT series of the same patient at the same places`() throws {
    let directory = try TemporaryDirectory()
    let (mr, ct) = (directory.path("mr"), directory.path("ct"))
    _ = try python(Self.series, mr)
    let result = try TesseraProgram.run(["translate", mr, "--pair", "mri-to-ct", "--output", ct])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try python(Self.compareSeries, mr, ct) == "True True CT P1 True True True True")
    let back = try TesseraProgram.run(
      ["translate", ct, "--pair", "mri-to-ct", "--output", directory.path("twice")])
    #expect(back.status == 65)
    #expect(back.errors.contains("its DICOM modality is CT"))
  }

  @Test func `a tree of volumes is mirrored, and a second run leaves it alone`() throws {
    let directory = try TemporaryDirectory()
    let tree = directory.path("study")
    try FileManager.default.createDirectory(
      atPath: "\(tree)/a", withIntermediateDirectories: true)
    _ = try python(Self.head, "\(tree)/a/head.nii.gz")
    _ = try python(Self.series, "\(tree)/series")
    let arguments = [
      "translate", tree, "--pair", "mri-to-ct", "--output", directory.path("out"), "--recursive",
      "--json",
    ]
    let first = try TesseraProgram.run(arguments)
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("out/a/head.nii.gz"))
    #expect(FileManager.default.fileExists(atPath: directory.path("out/series/CT.0001.dcm")))
    let second = try TesseraProgram.run(arguments)
    #expect(second.output.components(separatedBy: "\"skipped\"").count == 3, "\(second.output)")
  }

  @Test func `pictures are no volumes, and formats that hold none are refused before any work`()
    throws
  {
    let directory = try TemporaryDirectory()
    let picture = directory.path("photo.png")
    try TestPNG(width: 40, height: 30, isPalette: false).write(picture)
    let refused = try TesseraProgram.run(
      ["translate", picture, "--pair", "mri-to-ct", "--output", directory.path("ct.nii.gz")])
    #expect(refused.status == 65)
    #expect(refused.errors.contains("takes volumes, this is a picture"))
    let mri = directory.path("mri.nii.gz")
    _ = try python(Self.head, mri)
    let wrong = try TesseraProgram.run(
      ["translate", mri, "--pair", "mri-to-ct", "--output", directory.path("ct.png")])
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("volumes are written as .nii.gz"))
  }

  /// Three volumes that hold less than they promise, beside a head that does not.
  private static let damaged = """
    import sys, os, numpy, nibabel
    folder, head = sys.argv[1], nibabel.load(sys.argv[2])
    data = numpy.asarray(head.dataobj).astype(numpy.float32)
    raw = data.transpose(2, 1, 0).astype('<i2').tobytes()
    with open(folder + '/short.mhd', 'w') as f:
      f.write('ObjectType = Image\\nNDims = 3\\nDimSize = 40 46 36\\nElementType = MET_SHORT\\n'
        'ElementSpacing = 3 3 4\\nElementDataFile = short.raw\\n')
    with open(folder + '/short.raw', 'wb') as f: f.write(raw[:-1000])
    data[3, 3, 3] = numpy.nan
    image = nibabel.Nifti1Image(data, head.affine)
    image.header.set_xyzt_units('mm')
    nibabel.save(image, folder + '/gap.nii.gz')
    image = nibabel.Nifti1Image(numpy.asarray(head.dataobj), head.affine)
    image.header.set_xyzt_units('meter')
    nibabel.save(image, folder + '/metres.nii.gz')
    """

  @Test func `damaged volumes are refused by every command, and the rest of a folder goes on`()
    throws
  {
    let directory = try TemporaryDirectory()
    let folder = directory.path("in")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try python(Self.head, "\(folder)/head.nii.gz")
    _ = try python(Self.damaged, folder, "\(folder)/head.nii.gz")
    let run = try TesseraProgram.run([
      "translate", folder, "--pair", "mri-to-ct", "--output", directory.path("out"),
    ])
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.errors.contains("short.raw ends after 131480 of 132480 bytes"))
    #expect(run.errors.contains("1 of its samples are NaN or infinite"))
    #expect(run.errors.contains("does not fit into this machine's memory"))
    let results = try FileManager.default.contentsOfDirectory(atPath: directory.path("out"))
    #expect(results.filter { $0.hasSuffix(".nii.gz") || $0.contains("short") } == ["head.nii.gz"])
    let alone = try TesseraProgram.run([
      "translate", "\(folder)/short.mhd", "--pair", "mri-to-ct", "--output",
      directory.path("a.mha"),
    ])
    #expect(alone.status == 65 && !FileManager.default.fileExists(atPath: directory.path("a.mha")))
    let inspected = try TesseraProgram.run(["inspect", "\(folder)/short.mhd"])
    #expect(inspected.status == 65 && inspected.output.isEmpty)
    let evaluated = try TesseraProgram.run([
      "evaluate", "\(folder)/short.mhd", "--against", "\(folder)/short.mhd",
    ])
    #expect(evaluated.status != 0 && evaluated.errors.contains("short.raw"))
    let gap = try TesseraProgram.run(["inspect", "\(folder)/gap.nii.gz", "--json"])
    #expect(gap.status == 0 && gap.output.contains("1 samples are NaN or infinite"))
  }

  /// A CT of the same head, on another grid.
  private static let partner = """
    import sys, numpy, nibabel, nibabel.processing
    mri = nibabel.load(sys.argv[1])
    data = numpy.asarray(mri.dataobj).astype(float)
    hu = numpy.where(data > 850, 40, numpy.where(data > 100, 700, -1000))
    affine = mri.affine @ numpy.diag([1.25, 1.25, 1, 1])
    grid = ((32, 36, 36), affine)
    ct = nibabel.Nifti1Image(hu.astype(numpy.float32), mri.affine)
    ct = nibabel.processing.resample_from_to(ct, grid, order=1, cval=-1000)
    ct.header.set_xyzt_units('mm')
    nibabel.save(ct, sys.argv[2])
    """

  @Test func `a run on volumes leaves slices that can be looked at, and a package for volumes`()
    throws
  {
    let directory = try TemporaryDirectory()
    let data = directory.path("data")
    for folder in ["A/train", "B/train"] {
      try FileManager.default.createDirectory(
        atPath: "\(data)/\(folder)", withIntermediateDirectories: true)
    }
    _ = try python(Self.head, "\(data)/A/train/one.nii.gz")
    _ = try python(Self.partner, "\(data)/A/train/one.nii.gz", "\(data)/B/train/one.nii.gz")
    let run = directory.path("run")
    let train = [
      "train", "pix2pix", "--data", data, "--output", run, "--planes", "axial,coronal", "--spacing",
      "3,3,4", "--neighbours", "1", "--generator", "resnet_1blocks", "--ngf", "4", "--ndf", "4",
      "--preprocess", "crop", "--crop-size", "32", "--max-steps", "3", "--threads", "1",
    ]
    let result = try TesseraProgram.run(train)
    #expect(result.status == 0, "\(result.errors)")
    let check = """
      import sys, glob, tifffile
      a = sorted(glob.glob(sys.argv[1] + '/slices/A/train/*/*axial*'))
      b = sorted(glob.glob(sys.argv[1] + '/slices/B/train/*/*axial*'))
      x, y = [tifffile.imread(p[len(p) // 2]) for p in (a, b)]
      print(len(a) == len(b), x.shape[2], x.dtype, y.ndim, x.shape[:2] == y.shape, y.min(), 600 < y.max() < 710)
      """
    #expect(try python(check, run) == "True 3 float32 2 True -1024.0 True")
    let ct = directory.path("ct.mha")
    let used = try TesseraProgram.run([
      "translate", "\(data)/A/train/one.nii.gz", "--model", "\(run)/package", "--output", ct,
    ])
    #expect(used.status == 0, "\(used.errors)")
    let recut = try TesseraProgram.run([
      "train", "pix2pix", "--output", run, "--resume", "--neighbours", "2",
    ])
    #expect(recut.status == 64 && recut.errors.contains("the slices of"))
    let other = try TesseraProgram.run(
      Array(train.prefix(4)) + ["--output", directory.path("missing"), "--spacing", "1,1"])
    #expect(other.status == 64 && other.errors.contains("three lengths in mm"))
  }

  @Test(arguments: [
    ["--keep-background"], ["--profile", "ome"], ["--compression", "lzw"],
    ["--save-calibration", "kept"],
  ])
  func `options that only pictures have are refused with volumes`(option: [String]) throws {
    let directory = try TemporaryDirectory()
    let mri = directory.path("mri.nii.gz")
    _ = try python(Self.head, mri)
    let result = try TesseraProgram.run(
      ["translate", mri, "--pair", "mri-to-ct", "--output", directory.path("ct.nii.gz")] + option)
    // What the pair has no use for is seen before anything is read.
    let isOfPair = ["--keep-background", "--save-calibration"].contains(option[0])
    #expect(result.status == (isOfPair ? 64 : 65))
    #expect(result.errors.contains("\(option[0])\(isOfPair ? ":" : " is for pictures")"))
  }
}

import Foundation
import Networks
import TestSupport
import Testing

private typealias P = PickleBytes

/// Files of torch 0.1.9 and before, which nothing writes any more.
@Suite struct TarCheckpointTests {
  private static func storage(_ key: Int, _ type: String, _ bytes: [UInt8], _ size: Int) -> [UInt8]
  {
    P.pickle(P.tuple([P.integer(key), P.text("cpu"), P.global("torch", type)]))
      + P.little(bytes.count / size) + bytes
  }

  private static func tensor(
    _ key: Int, _ storage: Int, _ type: String, _ shape: [Int], _ strides: [Int], _ offset: Int
  ) -> [UInt8] {
    P.pickle(P.tuple([P.integer(key), P.integer(storage), P.global("torch", type)]))
      + P.little(Int32(shape.count)) + [0, 0, 0, 0]
      + (shape + strides + [offset]).flatMap { P.little($0) }
  }

  private static let floats = (0..<12).map { Float($0) / 4 - 1 }
  private static let longs = [5, -6, 1 << 40]

  private static func file(views: [UInt8], tensors: [[UInt8]], main: [UInt8]) -> Data {
    let floats = floats.withUnsafeBytes { Array($0) }
    let longs = longs.withUnsafeBytes { Array($0) }
    return ArchiveBytes.tar([
      (
        "storages",
        P.pickle(P.integer(2)) + storage(11, "FloatStorage", floats, 4)
          + storage(12, "LongStorage", longs, 8) + P.pickle(views)
      ),
      ("tensors", P.pickle(P.integer(tensors.count)) + tensors.flatMap { $0 }),
      ("pickle", P.pickle(main)),
    ])
  }

  /// Two tensors, one a transposed part of its storage, and a view of a storage.
  static let file = file(
    views: P.emptyList + P.tuple([P.integer(13), P.integer(11), P.integer(6), P.integer(6)])
      + P.append,
    tensors: [
      tensor(21, 11, "FloatTensor", [2, 3], [1, 2], 4), tensor(22, 12, "LongTensor", [3], [1], 0),
      tensor(23, 13, "FloatTensor", [2], [3], 1),
    ],
    main: P.orderedDictionary + P.mark + P.text("z.weight") + P.text("21") + P.persistent
      + P.text("steps") + P.integer(22) + P.persistent + P.text("view") + P.text("23")
      + P.persistent + P.setItems)

  @Test func `tensors of a TAR file are read in order`() throws {
    let checkpoint = try Checkpoint(data: Self.file, name: "old.pth")
    #expect(checkpoint.format == .tar)
    #expect(checkpoint.names == ["z.weight", "steps", "view"])
    #expect(checkpoint["z.weight"]?.shape == [2, 3])
    #expect(checkpoint["z.weight"]?.floats() == [4, 6, 8, 5, 7, 9].map { Self.floats[$0] })
    #expect(checkpoint["steps"]?.element == .i64)
    #expect(checkpoint["view"]?.floats() == [Self.floats[7], Self.floats[10]])
  }

  @Test(.enabled(if: TorchOracle.isPresent, "needs TESSERA_ORACLE_PYTHON with torch"))
  func `a TAR file equals what torch finds in it`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("old.pth")
    try Self.file.write(to: URL(filePath: path))
    try TorchOracle.run([TorchOracle.Job(path: path, dumping: "tensors = load(PATH)")])
    TorchOracle.expect(try Checkpoint.read(path).tensors, equals: try TorchOracle.dump(of: path))
  }

  static let hostile: [HostileFile] = [
    HostileFile(
      "no tensors", ArchiveBytes.tar([("storages", []), ("pickle", [])]), "lacks storages"),
    HostileFile(
      "a tensor beyond its storage",
      file(
        views: P.emptyList, tensors: [tensor(21, 11, "FloatTensor", [13], [1], 0)],
        main: P.emptyDictionary), "reaches beyond its storage"),
    HostileFile(
      "a tensor of negative rank",
      file(
        views: P.emptyList,
        tensors: [
          P.pickle(P.tuple([P.integer(1), P.integer(11), P.global("torch", "FloatTensor")]))
            + P.little(Int32(-1)) + [UInt8](repeating: 0, count: 64)
        ],
        main: P.emptyDictionary), "-1 axes"),
    HostileFile(
      "a tensor without a storage",
      file(
        views: P.emptyList, tensors: [tensor(21, 99, "FloatTensor", [1], [1], 0)],
        main: P.emptyDictionary), "no storage"),
    HostileFile(
      "a part that reaches beyond its storage",
      file(
        views: P.emptyList + P.tuple([P.integer(13), P.integer(11), P.integer(6), P.integer(7)])
          + P.append, tensors: [], main: P.emptyDictionary), "part of a storage"),
    HostileFile(
      "a function",
      file(
        views: P.emptyList, tensors: [],
        main: P.global("os", "system") + P.tuple([P.text("true")]) + P.reduce), "os.system"),
    HostileFile(
      "more storages than bytes",
      ArchiveBytes.tar([
        ("storages", P.pickle(P.integer(.max))), ("tensors", []), ("pickle", []),
      ]), "too early"),
    HostileFile(
      "a member twice", ArchiveBytes.tar([("pickle", [1]), ("pickle", [2])]), "is there twice"),
  ]

  @Test(arguments: hostile)
  func `a TAR file that lies is refused`(file: HostileFile) {
    file.expectRefusal()
  }
}

// swift-tools-version: 6.2
import Foundation
import PackageDescription

// Debian 13 has no gold any more, which the package manager takes by default.
let linker: LinkerSetting = .unsafeFlags(["-use-ld=lld"], .when(platforms: [.linux]))
// The program links the plugin interface and exports it to the plugins that it opens, which link
// nothing: two copies of a type would be two types. gold does not understand the pattern.
let exports: LinkerSetting = .unsafeFlags(
  ["-Xlinker", "--export-dynamic-symbol=*13TesseraPlugin*"], .when(platforms: [.linux]))

// Pixel loops are a hundred times slower without the optimizer, so tests build them optimized too.
let kernels: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

// The libtorch of the system, or that of a folder: TESSERA_TORCH=/opt/libtorch, .../site-packages/torch.
let torch = Context.environment["TESSERA_TORCH"]
let torchHeaders = "\(torch ?? "/usr")/include"
let torchNames = ["torch", "torch_cpu", "c10"]
// Another one by its files: by their names the linker may find the system's first.
let torchLinking: [LinkerSetting] =
  torch.map { folder in
    let files = torchNames.map { "\(folder)/lib/lib\($0).so" }
    return [
      .unsafeFlags(
        files + ["-Xlinker", "-rpath", "-Xlinker", "\(folder)/lib"], .when(traits: ["Training"]))
    ]
  } ?? torchNames.map { .linkedLibrary($0, .when(traits: ["Training"])) }
// Recent ones refuse less than C++20, in so many words.
let torchCheck = try? String(
  contentsOfFile: "\(torchHeaders)/torch/csrc/api/include/torch/all.h", encoding: .utf8)
let needsCxx20 = torchCheck?.contains("202002L") ?? false

// Any ITK 5 of the system, or that of a folder: TESSERA_ITK=/opt/ITK. Its headers name no package.
let itk = Context.environment["TESSERA_ITK"]
func headers(_ prefix: String) -> String? {
  let places = (itk.map { [$0] } ?? ["/usr", "/usr/local", "/opt/homebrew"]).map { "\($0)/include" }
  return places.lazy.compactMap { place in
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    return names.filter { $0.hasPrefix(prefix) }
      .max { $0.compare($1, options: .numeric) == .orderedAscending }
      .map { "\(place)/\($0)" }
  }.first
}
let itkHeaders = headers("ITK-5.")
let itkVersion = itkHeaders?.split(separator: "-").last ?? "5"
// Distributions build ITK on the GDCM of the system; on its own it brings one, among its headers.
let gdcmHeaders = headers("gdcm-")
let itkNames =
  [
    "ITKIOGDCM", "ITKIONIFTI", "ITKIOMeta", "ITKIONRRD", "ITKMetaIO", "ITKIOImageBase",
    "ITKBiasCorrection", "ITKLabelMap", "ITKStatistics", "ITKTransform", "ITKCommon", "itkvnl",
    "itkvnl_algo", "itksys",
  ].map { "\($0)-\(itkVersion)" }
  + ["gdcmMSFF", "gdcmDSED", "gdcmDICT", "gdcmCommon"].map {
    gdcmHeaders == nil ? "itk\($0)-\(itkVersion)" : $0
  } + ["z"]
let itkLinking: [LinkerSetting] =
  (itk.map { folder in
    [
      .unsafeFlags(
        ["-L\(folder)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(folder)/lib"],
        .when(traits: ["Volumes"]))
    ]
  } ?? []) + itkNames.map { .linkedLibrary($0, .when(traits: ["Volumes"])) }

let package = Package(
  name: "tessera",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "tessera", targets: ["tessera"]),
    .executable(name: "tessera-train", targets: ["tessera-train"]),
    // For programs of others: docs/library.md
    .library(name: "TesseraKit", targets: ["TesseraKit", "TesseraPlugin"]),
    // For the fuzzer and the benchmarks, packages of their own
    .library(name: "Networks", targets: ["Base", "ModelGraph", "Networks"]),
    .library(
      name: "Translation",
      targets: [
        "Base", "Inference", "ModelGraph", "Networks", "TesseraPlugin", "TileIO", "Translation",
      ]),
    .library(name: "StainNormalization", targets: ["StainNormalization"]),
  ],
  traits: [
    .trait(name: "Training", description: "Trains networks, which needs libtorch"),
    .trait(name: "Volumes", description: "Reads and writes volumes, which needs ITK"),
    .default(enabledTraits: ["Training", "Volumes"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    // System libraries
    .systemLibrary(
      name: "CVips", pkgConfig: "vips", providers: [.apt(["libvips-dev"]), .brew(["vips"])]),
    .systemLibrary(
      name: "CTIFF", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"]), .brew(["libtiff"])]),
    .systemLibrary(
      name: "CTurboJPEG", pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev", "libjpeg-dev"]), .brew(["jpeg-turbo"])]),
    .systemLibrary(
      name: "CLCMS", pkgConfig: "lcms2",
      providers: [.apt(["liblcms2-dev"]), .brew(["little-cms2"])]),
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive",
      providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),

    .systemLibrary(
      name: "CBase", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),

    // OpenVINO is loaded at run time: this declares the calls, and needs nothing to build.
    .target(name: "COpenVINO"),

    // OpenSlide 4, which reads DICOM and CZI, is loaded at run time, too.
    .target(name: "COpenSlide"),

    // Programs as plugins: pipes, shared memory, starting
    .target(name: "CProcess"),

    // Without the trait nothing of libtorch is compiled or linked: only the header stays.
    .target(
      name: "CTorch",
      cxxSettings: [
        .define("CT_HAS_TORCH", .when(traits: ["Training"])),
        .unsafeFlags(["-w", "-O2", "-I\(torchHeaders)/torch/csrc/api/include"]),
        .unsafeFlags(torch == nil ? [] : ["-I\(torchHeaders)"]),
      ],
      linkerSettings: torchLinking),

    .target(
      name: "CITK",
      cxxSettings: [
        .define("CI_HAS_ITK", .when(traits: ["Volumes"])),
        .unsafeFlags(
          ["-w", "-O2"] + [itkHeaders, gdcmHeaders].compactMap { $0.map { "-I\($0)" } }),
      ],
      linkerSettings: itkLinking),

    // Modules, each depending only on those above it
    .target(name: "TesseraPlugin", swiftSettings: kernels),
    .target(name: "Color", dependencies: ["TesseraPlugin"], swiftSettings: kernels),
    .target(
      name: "Base", dependencies: ["CBase", "TesseraPlugin"], swiftSettings: kernels,
      linkerSettings: [.linkedLibrary("crypto", .when(platforms: [.linux]))]),
    .target(
      name: "TileIO",
      dependencies: [
        "Base", "CLCMS", "COpenSlide", "CVips", "CTIFF", "CTurboJPEG", "CPNG", "TesseraPlugin",
      ],
      swiftSettings: kernels),
    .target(
      name: "ModelGraph",
      dependencies: ["TesseraPlugin", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["Format/onnx.proto"],
      swiftSettings: kernels),
    .target(name: "Networks", dependencies: ["Base", "ModelGraph"], swiftSettings: kernels),
    .target(name: "Inference", dependencies: ["Base", "COpenVINO"], swiftSettings: kernels),
    .target(
      name: "Samples", dependencies: ["Base", "TileIO", "TesseraPlugin"], swiftSettings: kernels),
    .target(
      name: "Translation",
      dependencies: [
        "Base", "TileIO", "Networks", "Inference", "TesseraPlugin",
      ],
      swiftSettings: kernels),
    .target(
      name: "Training",
      dependencies: ["Base", "CTorch", "Networks", "TileIO", "TesseraPlugin"],
      swiftSettings: kernels),
    .target(
      name: "Volumes", dependencies: ["Base", "CITK", "CTIFF", "CTurboJPEG", "TesseraPlugin"],
      swiftSettings: kernels),
    .target(
      name: "Metrics",
      dependencies: [
        "Base", "Color", "Inference", "ModelGraph", "Networks", "TileIO", "TesseraPlugin",
      ],
      swiftSettings: kernels),
    .target(
      name: "VolumeTranslation",
      dependencies: ["Base", "Translation", "Volumes", "TileIO", "TesseraPlugin"],
      swiftSettings: kernels),
    .target(
      name: "Batch",
      dependencies: [
        "Base", "Translation",
        .target(name: "Volumes", condition: .when(traits: ["Volumes"])),
        .target(name: "VolumeTranslation", condition: .when(traits: ["Volumes"])),
      ]),
    // Results against what they should look like: what `tessera evaluate` measures and writes
    .target(
      name: "Evaluation",
      dependencies: [
        "Base", "Batch", "Inference", "Metrics", "TesseraPlugin", "TileIO",
        .target(name: "Volumes", condition: .when(traits: ["Volumes"])),
      ],
      swiftSettings: kernels),
    // Other people's pairs: finding, loading, checking, making and installing them
    .target(
      name: "Plugins",
      dependencies: [
        "Base", "CArchive", "CProcess", "Inference", "Networks", "TileIO", "Translation",
        "TesseraPlugin",
      ], swiftSettings: kernels),
    // Translation of files for programs of others
    .target(
      name: "TesseraKit",
      dependencies: [
        "Base", "Batch", "Inference", "LearnedPairs", "Plugins", "StainNormalization",
        "TesseraPlugin", "TileIO", "Translation",
      ]),
    // Messages, exit states and signals, as all programs have them
    .target(
      name: "Terminal",
      dependencies: [
        "Base", "Batch", "Networks",
        .target(name: "Volumes", condition: .when(traits: ["Volumes"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "tessera",
      dependencies: [
        "Base", "Batch", "Evaluation", "Inference", "Metrics", "Networks", "Plugins", "Samples",
        "Terminal", "TesseraKit", "TesseraPlugin",
        .target(name: "Volumes", condition: .when(traits: ["Volumes"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], linkerSettings: [linker, exports]),
    .executableTarget(
      name: "tessera-train",
      dependencies: [
        "Base", "Terminal", "Inference", "Networks", "Translation",
        .target(name: "Training", condition: .when(traits: ["Training"])),
        .target(name: "VolumeTranslation", condition: .when(traits: ["Volumes"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], linkerSettings: [linker]),

    // Built-in domain pairs
    .target(
      name: "StainNormalization", dependencies: ["Color", "TesseraPlugin"],
      path: "plugins/StainNormalization/Sources/StainNormalization", swiftSettings: kernels),

    // Learned pairs: packages that lie beside the program, with the recipes that made them
    .target(
      name: "LearnedPairs", path: "plugins",
      exclude: ["FlatField", "Sharpen", "StainChannel", "StainNormalization"],
      sources: ["LearnedPairs"],
      resources: [
        "CTToMRI", "MRIToCT", "MRIToCTSlices", "StainTransfer", "StainTransferFast",
        "SummerToWinter", "WinterToSummer",
      ].map { .copy($0) }),

    // Tests
    .target(
      name: "TestSupport", dependencies: ["Base", "TileIO", "TesseraPlugin"],
      path: "Tests/TestSupport",
      swiftSettings: kernels),
    .testTarget(name: "ColorTests", dependencies: ["Base", "Color", "TestSupport"]),
    .testTarget(name: "BaseTests", dependencies: ["Base", "TestSupport"]),
    .testTarget(name: "TesseraPluginTests", dependencies: ["TesseraPlugin", "TestSupport"]),
    .testTarget(name: "TileIOTests", dependencies: ["TileIO", "TestSupport", "TesseraPlugin"]),
    .testTarget(
      name: "ModelGraphTests",
      dependencies: ["ModelGraph", "Networks", "Inference", "TileIO", "TestSupport"]),
    .testTarget(
      name: "NetworksTests", dependencies: ["Networks", "Inference", "TileIO", "TestSupport"]),
    .testTarget(name: "InferenceTests", dependencies: ["Base", "Inference", "TestSupport"]),
    .testTarget(name: "SamplesTests", dependencies: ["Samples", "TestSupport"]),
    .testTarget(
      name: "TranslationTests",
      dependencies: ["Translation", "TileIO", "Inference", "ModelGraph", "TestSupport"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: ["Training", "Inference", "ModelGraph", "Networks", "TileIO", "TestSupport"]),
    .testTarget(name: "VolumesTests", dependencies: ["Volumes", "TestSupport"]),
    .testTarget(
      name: "VolumeTranslationTests",
      dependencies: [
        "Inference", "ModelGraph", "TestSupport", "TileIO", "Translation", "VolumeTranslation",
        "Volumes", "TesseraPlugin",
      ]),
    .testTarget(
      name: "MetricsTests",
      dependencies: [
        "Inference", "Metrics", "ModelGraph", "TestSupport", "TileIO", "TesseraPlugin",
      ]),
    .testTarget(
      name: "EvaluationTests", dependencies: ["Evaluation", "Metrics", "TestSupport", "TileIO"]),
    .testTarget(
      name: "StainNormalizationTests",
      dependencies: ["Base", "Color", "StainNormalization", "TileIO", "TestSupport"]),
    .testTarget(
      name: "BatchTests", dependencies: ["Batch", "StainNormalization", "Samples", "TestSupport"]),
    .testTarget(
      name: "PluginsTests",
      dependencies: [
        "CArchive", "Inference", "ModelGraph", "Networks", "Plugins", "StainNormalization",
        "TestSupport", "TileIO", "Translation", "TesseraPlugin",
      ]),
    .testTarget(name: "TesseraKitTests", dependencies: ["TesseraKit", "TestSupport", "TileIO"]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "Base", "tessera", "tessera-train", "Inference", "ModelGraph", "TileIO", "TestSupport",
        "Training", "Volumes",
      ]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: needsCxx20 ? .cxx20 : .cxx17
)

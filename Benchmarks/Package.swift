// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "tessera-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(path: "../plugins/TesseraPlugin"),
    .package(path: "../plugins/StainNormalization"),
  ],
  targets: [
    .executableTarget(
      name: "tessera-benchmarks",
      dependencies: [
        .product(name: "TesseraPlugin", package: "TesseraPlugin"),
        .product(name: "StainNormalization", package: "StainNormalization"),
      ])
  ],
  swiftLanguageModes: [.v6]
)

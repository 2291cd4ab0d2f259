// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "tessera-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "tessera", path: ".."),
    .package(path: "../plugins/TesseraPlugin"),
  ],
  targets: [
    .executableTarget(
      name: "tessera-benchmarks",
      dependencies: [
        .product(name: "TesseraPlugin", package: "TesseraPlugin"),
        .product(name: "StainNormalization", package: "tessera"),
        .product(name: "Translation", package: "tessera"),
      ])
  ],
  swiftLanguageModes: [.v6]
)

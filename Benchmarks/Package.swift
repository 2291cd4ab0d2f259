// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "tessera-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "tessera", path: "..")],
  targets: [
    .executableTarget(
      name: "tessera-benchmarks",
      dependencies: [
        .product(name: "StainNormalization", package: "tessera"),
        .product(name: "Translation", package: "tessera"),
      ])
  ],
  swiftLanguageModes: [.v6]
)

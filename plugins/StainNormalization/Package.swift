// swift-tools-version: 6.1
import PackageDescription

// Built in, and a plugin like any other: `tessera plugin build plugins/StainNormalization`.
let package = Package(
  name: "StainNormalization",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "StainNormalization", type: .dynamic, targets: ["StainNormalizationPlugin"])
  ],
  dependencies: [.package(path: "../TesseraPlugin")],
  targets: [
    .target(
      name: "StainNormalization",
      dependencies: [.product(name: "TesseraPlugin", package: "TesseraPlugin")]),
    .target(
      name: "StainNormalizationPlugin",
      dependencies: [
        "StainNormalization", .product(name: "TesseraPlugin", package: "TesseraPlugin"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
